
; What the score uses beside the instruments above. None of these makes a sound.

instr session_start ; prepares a synth: p4 its slice, p5 its duration, p6 what its p3 has on top, p7... its controls
  tabw_i p5, p4 + 1, gi__controls
  tabw_i p6, p4 + 2, gi__controls
  inext = 7
  while inext <= pcount() do
    tabw_i p(inext), p4 + inext - 4, gi__controls
    inext += 1
  od
endin

instr session_set ; stores p6 into cell p5 of table p4
  tabw_i p6, p5, p4
endin

instr session_stop ; releases the synth whose p1 is p4, or ends it at once if p5 is 0
  turnoff2_i p4, 4, p5
endin

instr session_channel ; gives p5 to the channel named in p4
  Sname strget p4
  chnset p5, Sname
endin

instr session_table ; copies table p5 to table p4
  vcopy_i p4, p5, ftlen(p4)
endin

instr session_end ; ends the performance
  event_i "e", 0
endin

; These play curves: the first value at once, the others one a cycle, each when the cycle before it is done.

instr 9998 ; moves the channel named in p4 along table p5
  Sname strget p4
  chnset tab_i(0, p5), Sname
  kat init 1
  if kat < ftlen(p5) then
    chnset tab:k(kat, p5), Sname
    kat += 1
  endif
endin

instr 9999 ; moves cell p5 of table p4 along table p6
  tabw_i tab_i(0, p6), p5, p4
  kat init 1
  if kat < ftlen(p6) then
    tabw tab:k(kat, p6), p5, p4
    kat += 1
  endif
endin
