<Cabbage>
form caption("Lists") size(200, 100), pluginId("lst1")
combobox bounds(0, 0, 80, 20), channel("shape"), items("Sine", "Saw", "Saw"), value(2)
checkbox bounds(0, 30, 80, 20), channel("on"), text("On"), value(1)
xypad bounds(0, 60, 80, 80), channel("x", "y"), rangeX(0, 1, 0.25), rangeY(0, 1, 0.5), text("Field")
button bounds(0, 140, 80, 20), channel("go"), text("Go", "Stop")
</Cabbage>
<CsoundSynthesizer>
<CsOptions>
-n -d
</CsOptions>
<CsInstruments>
sr = 48000
ksmps = 32
nchnls = 2
0dbfs = 1

instr 1
  kshape chnget "shape"
  kon chnget "on"
  kx chnget "x"
  ky chnget "y"
  kcps = 200 + 400 * kx
  if kshape == 1 then
    asig oscili 0.2, kcps
  else
    asig vco2 0.2, kcps
  endif
  outs asig * kon, asig * ky
endin
</CsInstruments>
<CsScore>
i1 0 z
</CsScore>
</CsoundSynthesizer>
