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

instr 1 ; an organ stop
  icps cpsmidi
  iamp ampmidi 0.3
  aenv linsegr 0, 0.01, 1, 0.2, 0
  asig oscili iamp, icps, 1
  outs asig * aenv, asig * aenv
endin
</CsInstruments>
<CsScore>
f 1 0 4096 10 1 0.5 0.25 0.125 ; organ
f 0 3600
e
</CsScore>
</CsoundSynthesizer>
