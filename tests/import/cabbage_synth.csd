<Cabbage>
form caption("Saw (one)") size(400, 300), pluginId("saw1"), guiMode("queue")
; sliders
rslider bounds(10, 10, 80, 80), channel("cutoff"), range(100, 8000, 1500, 0.4, 1), text("Cutoff"), valuePostfix(" Hz")
rslider bounds(90, 10, 80, 80) channel("res") range(0, 0.9, 0.3) text("Res")
hslider bounds(10, 90, 80, 20), channel("attack"), range(0.001, 1, 0.05, 0.5, 0.001)
nslider bounds(10, 90, 80, 20), channel("gain"), range(0, 1, 0.8, 1, 0.01), text("Gain")
keyboard bounds(10, 200, 380, 80)
</Cabbage>
<CsoundSynthesizer>
<CsOptions>
-n -d -+rtmidi=NULL -M0 --midi-key-cps=4 --midi-velocity-amp=5
</CsOptions>
<CsInstruments>
sr = 48000
ksmps = 32
nchnls = 2
0dbfs = 1

instr 1
  kcut chnget "cutoff"
  kcut port kcut, 0.02
  ires chnget "res"
  iatt chnget "attack"
  kgain = chnget:k("gain")
  asig vco2 p5 * 0.3, p4
  asig moogladder asig, kcut, ires
  aenv madsr iatt, 0.1, 0.7, 0.2
  outs asig * aenv * kgain, asig * aenv * kgain
endin
</CsInstruments>
<CsScore>
f0 z
</CsScore>
</CsoundSynthesizer>
