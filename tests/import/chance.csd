<CsoundSynthesizer>
<CsOptions>
-d -n -F x.mid --sched=2 -Q1
</CsOptions>
<CsInstruments>
sr = 48000
ksmps = 32
nchnls = 2
0dbfs = 1

seed 3
massign 0, 1
instr 1
  anoise noise ampmidi(0.3), 0
  aband butterbp anoise, cpsmidi() * 4, 200
  aenv linsegr 1, 0.2, 0.3, 0.2, 0
  outs aband * aenv, aband * aenv
endin
</CsInstruments>
<CsScore>
f 0 3600
</CsScore>
<bsbPanel>
</bsbPanel>
</CsoundSynthesizer>
