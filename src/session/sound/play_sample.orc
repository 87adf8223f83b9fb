|itab=0, istart=0, ifadein=0.02, ifadeout=0.02, ixfade=-1, iloopstart=0, iloopend=0, ichannels=0, isr=0, kchan=1, kspeed=1, kgain=1, kpan=0.5|
; Without a table, as when a program is warmed up, it reads any other and is silent.
igiven = (itab > 0 ? 1 : 0)
itab = (igiven == 1 ? itab : 9001)

; The table: channels of a frame stand side by side. What its event leaves open, the sound file says.
ilength ftlen itab
ichannels = (ichannels > 0 ? int(ichannels) : ftchnls(itab))
ichannels = (ichannels >= 1 && ichannels <= ilength ? ichannels : 1)
isr = (isr > 0 ? isr : ftsr(itab))
isr = (isr > 0 ? isr : sr)
iframes = int(ilength/ichannels)
icycle = ksmps/sr
ifadein = (ifadein > icycle ? ifadein : icycle)
ifadeout = (ifadeout > icycle ? ifadeout : icycle)
; What is looped, in frames: all if it has no end.
iuntil = int(iloopend*isr + 0.5)
iuntil = (iuntil > 0 && iuntil < iframes ? iuntil : iframes)
ifrom = int(iloopstart*isr + 0.5)
ifrom = (ifrom > 0 && ifrom < iuntil ? ifrom : 0)
; A pass of the loop is shorter by the crossfade, in which a second head plays the end of the pass before.
iover = (ixfade > 0 ? int(ixfade*isr) : 0)
iover = (iover*2 > iuntil - ifrom ? int((iuntil - ifrom)/2) : iover)
ipass = iuntil - ifrom - iover
iheads = (iover > 0 ? 2 : 1)
istart = (istart*isr < iframes ? istart*isr : iframes)
istart = (istart > 0 ? istart : 0)

; Where the head is, in frames, sample by sample.
kstep limit kspeed*isr/sr, -1024, 1024
astep upsamp kstep
amoved integ astep
apos = amoved - astep + istart
kpos vaget ksmps - 1, apos
kpos = kpos - kstep*(ksmps - 1)
if ixfade >= 0 then
  ainside = apos - ifrom
  apasses floor ainside/ipass
  apasses limit apasses, 0, 1e15
  apos = apos - apasses*ipass
  ainside = apos - ifrom
endif

aenv linsegr 0, ifadein, 1, ifadeout, 0
aenv = aenv*kgain*igiven
kout limit kchan, 1, 1000
kplace = (kpan >= 0 ? kpan : (ichannels == 1 ? 0 : 0.5))
kleft = cos(kplace*1.5707963267948966)
kright = sin(kplace*1.5707963267948966)

khead = 0
while khead < iheads do
  ahead = apos + khead*ipass
  if iheads == 2 then
    alater limit apasses, 0, 1
    afade limit ainside/iover, 0, 1
    afade = alater*(1 - afade)
    aweight = (khead == 0 ? 1 - afade : afade)
    aweight = aweight*aenv
  else
    aweight = aenv
  endif
  aframe floor ahead
  apart = ahead - aframe
  abefore = limit:a(aframe - 1, 0, iframes - 1)*ichannels
  athis = limit:a(aframe, 0, iframes - 1)*ichannels
  anext = limit:a(aframe + 1, 0, iframes - 1)*ichannels
  aafter = limit:a(aframe + 2, 0, iframes - 1)*ichannels
  kchannel = 0
  while kchannel < ichannels do
    ax tab abefore + kchannel, itab
    ay tab athis + kchannel, itab
    az tab anext + kchannel, itab
    aw tab aafter + kchannel, itab
    ; The cubic through the two in the middle with the slopes of their neighbours.
    asig = ay + 0.5*apart*(az - ax + apart*(2*ax - 5*ay + 4*az - aw + apart*(3*(ay - az) + aw - ax)))
    asig = asig*aweight
    if ichannels == 1 then
      outch kout, asig*kleft, kout + 1, asig*kright
    elseif ichannels == 2 then
      outch kout + kchannel, asig*1.4142135623730951*(kchannel == 0 ? kleft : kright)
    else
      outch kout + kchannel, asig
    endif
    kchannel += 1
  od
  khead += 1
od

; Without a loop the fade out lies inside the sample; where speed cuts it short, the last frame is held.
if ixfade < 0 && kpos >= iframes - (ifadeout + icycle)*isr then
  turnoff
endif
