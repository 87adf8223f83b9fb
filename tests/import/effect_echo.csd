<CsoundSynthesizer>
<CsOptions>
-iadc -odac
</CsOptions>
<CsInstruments>
sr = 48000
kr = 3000
ksmps = 16
nchnls = 2
0dbfs = 1

instr 1
  aleft inch 1
  aright inch 2
  abuf delayr 0.5
  atap deltap 0.125
       delayw aleft + atap * 0.6
  outch 1, aleft + atap, 2, aright + atap * 0.5
endin
</CsInstruments>
<CsScore>
i 1 0 36000
</CsScore>
</CsoundSynthesizer>
