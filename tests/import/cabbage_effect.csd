<Cabbage>
form caption("Drive") size(200, 100), pluginId("drv1")
groupbox bounds(0, 0, 200, 100), text("Drive") {
rslider bounds(10, 10, 80, 80), channel("drive"), range(1, 20, 5, 0.5, 0.1), text("Drive")
}
vslider bounds(110, 10, 80, 80), channel("mix"), range(0, 1, 0.7), text("Mix")
image bounds(0, 0, 1, 1), file("x.png")
filebutton bounds(0, 0, 1, 1), channel("file"), text("Open")
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
  kdrive chnget "drive"
  kmix chnget "mix"
  aleft, aright ins
  awetl = tanh(aleft * kdrive)
  awetr = tanh(aright * kdrive)
  outs aleft * (1 - kmix) + awetl * kmix, aright * (1 - kmix) + awetr * kmix
endin
</CsInstruments>
<CsScore>
f0 z
i1 0 z
</CsScore>
</CsoundSynthesizer>
