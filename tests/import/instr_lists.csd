<CsoundSynthesizer>
<CsOptions>
-n -Ma --midi-key-cps=4 --midi-velocity-amp=5
</CsOptions>
<CsInstruments>
sr = 48000
ksmps = 32
nchnls = 2
0dbfs = 1
giSaw ftgen 1, 0, 8192, 10, 1, .5, .333, .25

instr 1, 2
  ipan = (p1 >= 2 ? 0.8 : 0.2)
  aenv linsegr 0, .02, 1, .1, 0
  asig oscili p5 * 0.3, p4, 1
  outs asig * aenv * (1 - ipan), asig * aenv * ipan
  event_i "i", "Click", .05, .05, p4 * 2
endin

instr +Click
  aenv expon .1, p3, .0001
  asig oscili aenv, p4, giSaw
  out asig, asig
endin
</CsInstruments>
<CsScore>
f 2 0 1024 10 1
e 3600
</CsScore>
</CsoundSynthesizer>
