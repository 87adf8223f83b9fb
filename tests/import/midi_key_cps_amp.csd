<CsoundSynthesizer>
<CsOptions>
-d -m0 -n -Ma --midi-key-cps=5 --midi-velocity-amp=4
</CsOptions>
<CsInstruments>
sr = 48000
ksmps = 64
nchnls = 2
0dbfs = 1

instr 1
  kcps = p5
  aenv mxadsr 0.01, 0.1, 0.6, 0.1
  asig pluck p4 * 0.5, p5, p5, 0, 1
  outs asig * aenv, 0.5 * asig * aenv
endin
</CsInstruments>
<CsScore>
f 0 3600
</CsScore>
</CsoundSynthesizer>
