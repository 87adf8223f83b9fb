<CsoundSynthesizer>
<CsOptions>
-d -m0 -n -M0
</CsOptions>
<CsInstruments>
sr = 48000
ksmps = 32
nchnls = 2
0dbfs = 1

massign 0, 3
maxalloc 3, 8
instr 3
  xtratim 0.5
  krel release
  kenv init 1
  if krel == 1 then
    kenv = kenv * 0.995
  endif
  asig oscili ampmidi(0.3) * kenv, cpsmidi()
  outs asig, asig
endin
</CsInstruments>
<CsScore>
f 0 3600
</CsScore>
</CsoundSynthesizer>
