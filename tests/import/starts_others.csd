<CsoundSynthesizer>
<CsOptions>
-d -m0 -n -M0
</CsOptions>
<CsInstruments>
sr = 48000
ksmps = 32
nchnls = 2
0dbfs = 1

massign 0, 1
instr 1
  icps cpsmidi
  schedule 2, 0.05, 0.3, icps, 0.2
  event_i "i", "ping", 0.1, 0.2, icps * 2
  event_i "i", 2, 0.25, 0.1, icps * 3, 0.1
  asig oscili 0.05, icps
  asig *= linsegr:a(0, 0.01, 1, 0.1, 0)
  outs asig, asig
endin

instr 2
  asig oscili p5, p4
  aenv linseg 1, p3, 0
  outs asig * aenv, asig * 0
endin

instr ping
  asig oscili 0.1, p4
  aenv expon 1, p3, 0.001
  outs asig * 0, asig * aenv
endin
</CsInstruments>
<CsScore>
f 0 3600
</CsScore>
</CsoundSynthesizer>
