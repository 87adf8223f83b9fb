<CsoundSynthesizer>
<CsOptions>
-n -M0
</CsOptions>
<CsInstruments>
sr = 48000
ksmps = 32
nchnls = 2
0dbfs = 1

/* Two buses: a zak one
   for the left, a channel for the right. */
zakinit 2, 2
#define SEND(bus'level) # chnmix asig * $level, "$bus" #
#define WET # 0.3 #
gSname = {{voice}}

massign 0, "Voice"
schedule "Mixer", 0, -1, 0.5 + $WET    // the last one
turnon "Echo"

opcode Soft, a, ak
  ain, kdrive xin
  xout tanh(ain * kdrive) / kdrive
endop

instr Voice
  icps cpsmidi
  iamp ampmidi 0.3
  asig vco2 iamp, icps
  #ifdef NOTHERE
  asig = nosuchopcode(asig)
  #else
  asig Soft asig, 1 + \
    2
  #end
  asig *= linsegr:a(0, 0.01, 1, 0.2, 0)
  zawm asig, 1
  $SEND(right'0.5)
endin

instr Echo
  ain chnget "right"
  adel delayr 0.3
  delayw ain + adel * 0.4
  chnmix adel, "right"
endin

instr Mixer
  aleft zar 1
  aright chnget "right"
  outs aleft * p4, aright * p4
  zacl 0, 2
  chnclear "right"
endin
</CsInstruments>
<CsScore>
f 0 3600
</CsScore>
</CsoundSynthesizer>
