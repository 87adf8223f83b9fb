<CsoundSynthesizer>
<CsOptions>
-d -m0 -n -M0
</CsOptions>
<CsInstruments>
sr = 48000
ksmps = 32
nchnls = 2
0dbfs = 1

instr 1
  ikey = 0
  ivel = 0
  midinoteonkey ikey, ivel
  aenv expsegr 0.01, 0.02, 1, 0.2, 0.01
  asig oscil3 0.3 * ivel / 127, cpsmidinn(ikey)
  outs asig * aenv, asig * aenv
endin
</CsInstruments>
<CsScore>
f 0 3600
</CsScore>
</CsoundSynthesizer>
