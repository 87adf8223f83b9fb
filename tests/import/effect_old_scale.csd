<CsoundSynthesizer>
<CsOptions>
-d
</CsOptions>
<CsInstruments>
sr = 48000
ksmps = 32
nchnls = 1

instr 1
  ain in
  agate = 0.5
  kloud rms ain
  aout = ain * agate + 2000 * kloud / 32768
       out aout / (0dbfs / 32768)
endin
</CsInstruments>
<CsScore>
i1 0 3600
e
</CsScore>
</CsoundSynthesizer>
