<CsoundSynthesizer>
<CsOptions>
-d -m0 -n -M0
</CsOptions>
<CsInstruments>
sr = 48000
ksmps = 32
nchnls = 2
0dbfs = 1

massign 0, 0
massign 1, 10
massign 2, 20

instr 10
  asig vco2 0.2, cpsmidi(), 2, 0.5
  asig *= linsegr:a(0, 0.01, 1, 0.1, 0)
  outs asig, asig * 0
endin

instr 20
  asig vco2 0.2, cpsmidi(), 12
  asig *= linsegr:a(0, 0.01, 1, 0.1, 0)
  outs asig * 0, asig
endin
</CsInstruments>
<CsScore>
f 0 3600
</CsScore>
</CsoundSynthesizer>
