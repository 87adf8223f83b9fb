opcode twice, a, a
  ain xin
  xout ain*2
endop
