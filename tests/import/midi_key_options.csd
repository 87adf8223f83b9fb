<CsoundSynthesizer>
<CsOptions>
-d -m0 -n -M0 --midi-key=4 --midi-velocity=5
</CsOptions>
<CsInstruments>
sr = 48000
ksmps = 32
nchnls = 2
0dbfs = 1

instr 1
  icps = cpsmidinn(p4)
  aenv madsr 0.01, 0.1, 0.6, 0.2
  asig foscili p5 / 127 * 0.3, icps, 1, 2, 3
  outs asig * aenv, asig * aenv
endin
</CsInstruments>
<CsScore>
f 0 3600
</CsScore>
</CsoundSynthesizer>
