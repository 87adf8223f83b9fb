<CsoundSynthesizer>
<CsOptions>
-d -m0 -n -M0
</CsOptions>
<CsInstruments>
sr = 48000
kr = 4800
ksmps = 10
nchnls = 1

instr 1
  inote notnum
  ivel veloc
  iamp = ivel / 127 * 8000
  kenv linenr 1, 0.005, 0.1, 0.01
  asig vco2 iamp, cpsmidinn(inote)
  asig butterlp asig, 2000 + ivel * 10
       out asig * kenv
endin
</CsInstruments>
<CsScore>
f 0 3600
</CsScore>
</CsoundSynthesizer>
