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
  kcut ctrl7 1, 1, 200, 4000
  kpan midictrl 10, 0, 1
  kres midic7 71, 0, 0.8
  asig vco2 0.2, cpsmidi()
  asig moogladder asig, kcut, kres
  asig *= linsegr:a(0, 0.01, 1, 0.1, 0)
  outs asig * (1 - kpan), asig * kpan
endin
</CsInstruments>
<CsScore>
f 0 3600
</CsScore>
</CsoundSynthesizer>
