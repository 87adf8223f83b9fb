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
massign 1, 1
instr 1
  ktouch aftouch 0, 1
  asig oscili ampmidi(0.2), cpsmidi() * (1 + 0.01 * ktouch)
  asig *= linsegr:a(0, 0.01, 1, 0.1, 0)
  outs asig, asig * ktouch
endin
</CsInstruments>
<CsScore>
f 0 3600
</CsScore>
</CsoundSynthesizer>
