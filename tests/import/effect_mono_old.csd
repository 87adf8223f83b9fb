<CsoundSynthesizer>
<CsOptions>
-i adc -o dac
</CsOptions>
<CsInstruments>
sr = 48000
kr = 1500
nchnls = 1

instr 99
  ain in
  klevel rms ain
  afilt moogladder2 ain, 400 + klevel * 0.1, 0.4
  adir = (klevel > 0dbfs ? a(0) : ain)
  out (afilt + adir * 0.2) * 0.5
endin
</CsInstruments>
<CsScore>
i 99 0 30
</CsScore>
</CsoundSynthesizer>
