<CsoundSynthesizer>
<CsOptions>
-d -m0 -n -M0
</CsOptions>
<CsInstruments>
sr = 48000
ksmps = 32
nchnls = 2
0dbfs = 1

ga_left init 0
ga_right init 0

instr 1
  asig pluck ampmidi(0.3), cpsmidi(), cpsmidi(), 0, 1
  asig *= linsegr:a(1, 1, 1, 0.05, 0)
  outs asig, asig
  ga_left += asig * 0.3
  ga_right += asig * 0.2
endin

instr 99 ; the room
  aleft, aright reverbsc ga_left, ga_right, p4, p5
  outs aleft, aright
  clear ga_left, ga_right
endin
</CsInstruments>
<CsScore>
i 99 0 3600 0.8 9000
</CsScore>
</CsoundSynthesizer>
