|imode=0, iperiod=1, kgain=0.1|
iperiod = (iperiod > 0 ? iperiod : 1)
kcycle init 0
if imode == 0 then
  asig pinker
else
  asig oscili 1, 1000
endif
kchannel = int(kcycle*ksmps/sr/iperiod + 1e-9) % nchnls
outch kchannel + 1, asig*kgain
kcycle += 1
