<CsoundSynthesizer>
<CsOptions>
-d -m0 -n -M0
</CsOptions>
<CsInstruments>
sr = 48000
ksmps = 32
nchnls = 2
0dbfs = 1

#define LEVEL #0.25#
#define DETUNE(c) #($c * 1.01)#
giwave ftgen 0, 0, 2048, 10, 1, 0, 0.3

opcode Pair, a, kk
  kamp, kcps xin
  a1 oscili kamp, kcps, giwave
  a2 oscili kamp, $DETUNE(kcps), giwave
  xout a1 + a2
endop

/* a comment with instr 7 in it */
instr 1
  asig Pair $LEVEL * ampmidi(1), cpsmidi() ; as it stands
  aenv linsegr 0, 0.02, 1, 0.3, 0
  outs asig * aenv, asig * aenv
endin
</CsInstruments>
<CsScore>
f 0 3600
</CsScore>
</CsoundSynthesizer>
