<Cabbage>
; widgets of every kind, some over several lines
form caption("Ranges"), size(400, 300), guiMode("queue")
groupbox bounds(0, 0, 400, 300), text("All") {
  hrange bounds(0, 0, 100, 20), channel("low", "high"), \
    range(100, 5000, 300:900, 0.5, 1), text("Band")
  button bounds(0, 30, 80, 20), channel("hard"), text("Soft", "Hard"), value(1)
  nslider channel("semi"), range(-12, 12, 7, 1, 1)
  vslider channel("mix") range(0, 1, 0.7), text("Mix") valuePostfix(" %")
  listbox channel("wave"), items("Sine", "Saw"), value(2)
  combobox channel("file"), channelType("string"), items("a.wav", "b.wav")
  combobox populate("*.snaps"), channelType("string"), channel("preset")
  filebutton channel("open"), text("Open")
  signaldisplay displayType("spectroscope"), signalVariable("asig")
  gentable tableNumber(1)
  rslider text("Nowhere"), range(0, 1, 0)
}
</Cabbage>
<CsoundSynthesizer>
<CsOptions>
-n -d -+rtmidi=NULL -M0 --midi-key-cps=4 --midi-velocity-amp=5
</CsOptions>
<CsInstruments>
ksmps = 32
nchnls = 2
0dbfs = 1

instr 1
  klow = chnget:k("low")
  khigh chnget "high"
  kshape chnget "hard"
  kmix chnget "mix"
  ksemi chnget "semi"
  kwave chnget "wave"
  asig vco2 p5 * 0.3, p4 * semitone(ksemi)
  if kwave == 2 then
    asig butterbp asig, sqrt(klow * khigh), khigh - klow
  endif
  asig = (kshape == 1 ? tanh(asig * 3) : asig)
  aenv linenr 1, 0.01, 0.1, 0.01
  outs asig * aenv * kmix, asig * aenv
endin
</CsInstruments>
<CsScore>
f0 z
</CsScore>
</CsoundSynthesizer>
