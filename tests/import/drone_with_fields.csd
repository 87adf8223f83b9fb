<CsoundSynthesizer>
<CsOptions>
-d -o dac
</CsOptions>
<CsInstruments>
sr = 48000
ksmps = 32
nchnls = 2
0dbfs = 1

alwayson "lfo"
gkslow init 0

instr lfo
  gkslow oscili 0.5, 2
endin

instr 5
  asig vco2 p4, p5
  asig tone asig, 800 + gkslow * p6
  outs asig, asig
endin
</CsInstruments>
<CsScore>
i 5 0 3600 0.2 110 600 ; it never ends
</CsScore>
</CsoundSynthesizer>
