<CsoundSynthesizer>
<CsOptions>
-odac -M0 ; what a device would play
</CsOptions>
<CsInstruments>
sr      = 44100
ksmps   = 32
nchnls  = 1
; no 0dbfs: full scale is 32768

massign 0, 1

instr 1
  mididefault 60, p3
  midinoteonkey p4, p5
  ifade = p3 / 600
  icps = cpsmidinn(p4)
  iamp = ampdbfs(-18) * p5 / 127
  asig vco2 iamp, icps
  asig moogladder asig, \
       icps * 4, 0.3   ; saturates by full scale
  asig distort1 asig, 2, 0.5, 0, 0
  aenv madsr ifade, 0.1, 0.8, 0.2
  out asig * aenv
endin
</CsInstruments>
<CsScore>
f 0 [60 * 60]
</CsScore>
</CsoundSynthesizer>
