<CsoundSynthesizer>
<CsOptions>
-d -m0 -n -M0
</CsOptions>
<CsInstruments>
sr = 48000
ksmps = 32
nchnls = 2
0dbfs = 1

massign 1, 1
instr 1
  kcps cpsmidib 2
  kdepth pchbend 0, 1
  iamp ampmidi 0.25
  asig oscili iamp, kcps
  asig *= linsegr:a(0, 0.01, 1, 0.1, 0)
  outs asig, asig * abs(kdepth)
endin
</CsInstruments>
<CsScore>
f 0 3600
</CsScore>
</CsoundSynthesizer>
