|itab=0, istart=0, istop=0, ichan=1, iposition=0, igaussian=0, iinterposcil=1, iinterpfreq=1, kspeed=1, kloop=0, kminfreq=0, kmaxfreq=0, kfreqscale=1, kfreqoffset=0, kbwscale=1, kminbw=0, kmaxbw=1, kminamp=0, kgain=1|
; Without a table, as when a program is warmed up, it reads any other and is silent.
igiven = (itab > 0 ? 1 : 0)
itab = (igiven == 1 ? itab : 9001)

; The table: where the rows begin, how many there are, and of how many values; then the rows: a time, and for each
; partial frequency, amplitude and bandwidth.
iskip = int(tab_i(0, itab))
irows = int(tab_i(1, itab))
icols = int(tab_i(2, itab))
ifits = (igiven == 1 && iskip >= 3 && icols >= 4 && irows >= 3 && iskip + irows*icols <= ftlen(itab) ? 1 : 0)
iskip = (ifits == 1 ? iskip : 0)
irows = (ifits == 1 ? irows : 2)
icols = (ifits == 1 ? icols : 1)
ipartials = (ifits == 1 ? int((icols - 1)/3) : 0)
ipartials = (ipartials > 1024 ? 1024 : ipartials)
istep = (ifits == 1 ? tab_i(iskip + icols, itab) - tab_i(iskip, itab) : 1)
istep = (istep > 0 ? istep : 1)
ilast = (irows - 2)*istep
istop = (istop > 0 && istop < ilast ? istop : ilast)
inoise = 9010 + igaussian
ispread = (igaussian == 0 ? 4.25 : 4.68)
ihalf = 1.5707963267948966

; An array that is declared by init takes memory at every start; this one only at the first.
kphases[] genarray_i 0, 1023
kbegun init 0
if kbegun == 0 then
  kpartial = 0
  while kpartial < ipartials do
    kphases[kpartial] = 0
    kpartial += 1
  od
  kbegun = 1
endif

; Samples since the start, and those of this cycle: the first one may begin inside it.
aone upsamp 1
asince integ aone
asince = asince - 1
ksince init -1
klast vaget ksmps - 1, asince
kcount = klast - ksince
at = asince - ksince - 1
ksince = klast
abend = at*at/(2*kcount)
atwards = at/kcount

; The head, here and at the end of the cycle; rows on either side of both.
khead init istart
knext = khead + limit:k(kspeed, -1e6, 1e6)*kcount/sr
krow limit khead/istep, 0, irows - 1.0000001
krow2 limit knext/istep, 0, irows - 1.0000001
kpart = krow - int(krow)
kpart2 = krow2 - int(krow2)
kcell = iskip + int(krow)*icols + 1
kcell2 = iskip + int(krow2)*icols + 1

asum = 0
kpartial = 0
while kpartial < ipartials do
  kfreq = tab:k(kcell, itab)*(1 - kpart) + tab:k(kcell + icols, itab)*kpart
  kfreq = kfreq*kfreqscale + kfreqoffset
  kfreq2 = tab:k(kcell2, itab)*(1 - kpart2) + tab:k(kcell2 + icols, itab)*kpart2
  kfreq2 = (iinterpfreq == 1 ? kfreq2*kfreqscale + kfreqoffset : kfreq)
  kamp = tab:k(kcell + 1, itab)*(1 - kpart) + tab:k(kcell + icols + 1, itab)*kpart
  kamp2 = tab:k(kcell2 + 1, itab)*(1 - kpart2) + tab:k(kcell2 + icols + 1, itab)*kpart2
  kbw = tab:k(kcell + 2, itab)*(1 - kpart) + tab:k(kcell + icols + 2, itab)*kpart
  kheard = (kfreq >= kminfreq && (kmaxfreq <= 0 || kfreq <= kmaxfreq) && kfreq < sr/2 && kfreq2 < sr/2 ? 1 : 0)
  kheard = (kbw >= kminbw && kbw <= kmaxbw && kamp >= kminamp && kamp + kamp2 > 0 ? kheard : 0)
  kphase = kphases[kpartial]
  if kheard == 1 then
    aphase = kphase + (kfreq*at + (kfreq2 - kfreq)*abend)/sr
    if iinterposcil == 1 then
      apartial tablei aphase, -1, 1, 0, 1
    else
      apartial table aphase, -1, 1, 0, 1
    endif
    aamp = kamp + (kamp2 - kamp)*atwards
    kwide limit kbw*kbwscale, 0, 1
    if kwide > 0 then
      ; Noise of a thousand values a second, elsewhere in the table for each partial.
      anoise tablei asince*1000/sr + kpartial*977.3, inoise, 0, 0, 1
      anoise = (igaussian == 0 ? (anoise - 0.5)*ispread : anoise*ispread)
      aamp = aamp*(sqrt(1 - kwide) + anoise*sqrt(2*kwide))
    endif
    asum += apartial*aamp
  endif
  kphase = kphase + (kfreq + kfreq2)/2*kcount/sr
  kphases[kpartial] = kphase - int(kphase)
  kcell += 3
  kcell2 += 3
  kpartial += 1
od

aenv cossegr 0, 0.02, 1, 0.02, 0
asum = asum*aenv*kgain
iout = (ichan >= 1 ? ichan : 1)
if iposition == 0 then
  outch iout, asum
else
  outch iout, asum*cos(iposition*ihalf), iout + 1, asum*sin(iposition*ihalf)
endif

khead = knext
if khead - istop > 1e-9 then
  if kloop != 0 && istop > istart then
    khead = istart + khead - istop
  else
    turnoff
  endif
endif
