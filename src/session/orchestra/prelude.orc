ga__bus[] init gi__bus_audio
ga__gate init 1
gk__cycle init 0

opcode busin, a, i
  itoken xin
  iindex = (itoken >= gi__bus_modulus && itoken < 1e15 ? itoken % gi__bus_modulus : gi__bus_modulus)
  iindex = (iindex < gi__bus_audio ? iindex : gi__bus_modulus)
  if tab:k(iindex, gi__bus_tokens) == itoken then
    tabw gk__cycle, iindex, gi__bus_uses
    if tab:k(iindex, gi__bus_stamps) == gk__cycle then
      aout = ga__bus[iindex]
    else
      aout = 0
    endif
  elseif itoken < 0 && itoken >= -4 then
    aout inch -itoken
  else
    aout = 0
    tabw tab:k(0, gi__bus_report) + 1, 0, gi__bus_report
    tabw itoken, 1, gi__bus_report
  endif
  xout aout
endop

opcode busin, a, k
  ktoken xin
  kknown init -1e301
  if ktoken != kknown then
    kknown = ktoken
    kindex = (ktoken >= gi__bus_modulus && ktoken < 1e15 ? ktoken % gi__bus_modulus : gi__bus_modulus)
    kindex = (kindex < gi__bus_audio ? kindex : gi__bus_modulus)
  endif
  if tab:k(kindex, gi__bus_tokens) == ktoken then
    tabw gk__cycle, kindex, gi__bus_uses
    if tab:k(kindex, gi__bus_stamps) == gk__cycle then
      aout = ga__bus[kindex]
    else
      aout = 0
    endif
  elseif ktoken < 0 && ktoken >= -4 then
    aout inch -ktoken
  else
    aout = 0
    tabw tab:k(0, gi__bus_report) + 1, 0, gi__bus_report
    tabw ktoken, 1, gi__bus_report
  endif
  xout aout
endop

opcode busin, k, io
  itoken, idefault xin
  iindex = (itoken >= gi__bus_modulus && itoken < 1e15 ? itoken % gi__bus_modulus : gi__bus_modulus)
  iindex = (iindex >= gi__bus_audio ? iindex : gi__bus_modulus)
  if tab:k(iindex, gi__bus_tokens) == itoken then
    tabw gk__cycle, iindex, gi__bus_uses
    kout tab iindex, gi__bus_values
    kout = (kout == gi__bus_unset ? idefault : kout)
  else
    kout = 0
    tabw tab:k(0, gi__bus_report) + 1, 0, gi__bus_report
    tabw itoken, 1, gi__bus_report
  endif
  xout kout
endop

opcode busin, k, kO
  ktoken, kdefault xin
  kknown init -1e301
  if ktoken != kknown then
    kknown = ktoken
    kindex = (ktoken >= gi__bus_modulus && ktoken < 1e15 ? ktoken % gi__bus_modulus : gi__bus_modulus)
    kindex = (kindex >= gi__bus_audio ? kindex : gi__bus_modulus)
  endif
  if tab:k(kindex, gi__bus_tokens) == ktoken then
    tabw gk__cycle, kindex, gi__bus_uses
    kout tab kindex, gi__bus_values
    kout = (kout == gi__bus_unset ? kdefault : kout)
  else
    kout = 0
    tabw tab:k(0, gi__bus_report) + 1, 0, gi__bus_report
    tabw ktoken, 1, gi__bus_report
  endif
  xout kout
endop

opcode busin, i, io
  itoken, idefault xin
  iindex = (itoken >= gi__bus_modulus && itoken < 1e15 ? itoken % gi__bus_modulus : gi__bus_modulus)
  iindex = (iindex >= gi__bus_audio ? iindex : gi__bus_modulus)
  ivalid = (tab_i(iindex, gi__bus_tokens) == itoken ? 1 : 0)
  iout = (ivalid == 1 ? tab_i(iindex, gi__bus_values) : 0)
  iout = (iout == gi__bus_unset ? idefault : iout)
  tabw_i tab_i(0, gi__bus_report) + 1 - ivalid, 0, gi__bus_report
  tabw_i (ivalid == 1 ? tab_i(1, gi__bus_report) : itoken), 1, gi__bus_report
  xout iout
endop

opcode busout, 0, ia
  itoken, asig xin
  iindex = (itoken >= gi__bus_modulus && itoken < 1e15 ? itoken % gi__bus_modulus : gi__bus_modulus)
  iindex = (iindex < gi__bus_audio ? iindex : gi__bus_modulus)
  if tab:k(iindex, gi__bus_tokens) == itoken then
    anew = asig * ga__gate
    if tab:k(iindex, gi__bus_stamps) == gk__cycle then
      aold = ga__bus[iindex]
      aold = aold - aold * ga__gate
      vincr anew, aold
    endif
    ga__bus[iindex] = anew
    tabw gk__cycle, iindex, gi__bus_stamps
    tabw gk__cycle, iindex, gi__bus_uses
  else
    tabw tab:k(0, gi__bus_report) + 1, 0, gi__bus_report
    tabw itoken, 1, gi__bus_report
  endif
endop

opcode busout, 0, ka
  ktoken, asig xin
  kknown init -1e301
  if ktoken != kknown then
    kknown = ktoken
    kindex = (ktoken >= gi__bus_modulus && ktoken < 1e15 ? ktoken % gi__bus_modulus : gi__bus_modulus)
    kindex = (kindex < gi__bus_audio ? kindex : gi__bus_modulus)
  endif
  if tab:k(kindex, gi__bus_tokens) == ktoken then
    anew = asig * ga__gate
    if tab:k(kindex, gi__bus_stamps) == gk__cycle then
      aold = ga__bus[kindex]
      aold = aold - aold * ga__gate
      vincr anew, aold
    endif
    ga__bus[kindex] = anew
    tabw gk__cycle, kindex, gi__bus_stamps
    tabw gk__cycle, kindex, gi__bus_uses
  else
    tabw tab:k(0, gi__bus_report) + 1, 0, gi__bus_report
    tabw ktoken, 1, gi__bus_report
  endif
endop

opcode busout, 0, ii
  itoken, ivalue xin
  iindex = (itoken >= gi__bus_modulus && itoken < 1e15 ? itoken % gi__bus_modulus : gi__bus_modulus)
  iindex = (iindex >= gi__bus_audio ? iindex : gi__bus_modulus)
  ivalid = (tab_i(iindex, gi__bus_tokens) == itoken ? 1 : 0)
  tabw_i (ivalid == 1 ? ivalue : tab_i(iindex, gi__bus_values)), iindex, gi__bus_values
  tabw_i tab_i(0, gi__bus_report) + 1 - ivalid, 0, gi__bus_report
  tabw_i (ivalid == 1 ? tab_i(1, gi__bus_report) : itoken), 1, gi__bus_report
endop

opcode busout, 0, kk
  ktoken, kvalue xin
  kknown init -1e301
  if ktoken != kknown then
    kknown = ktoken
    kindex = (ktoken >= gi__bus_modulus && ktoken < 1e15 ? ktoken % gi__bus_modulus : gi__bus_modulus)
    kindex = (kindex >= gi__bus_audio ? kindex : gi__bus_modulus)
  endif
  if tab:k(kindex, gi__bus_tokens) == ktoken then
    tabw kvalue, kindex, gi__bus_values
    tabw gk__cycle, kindex, gi__bus_uses
  else
    tabw tab:k(0, gi__bus_report) + 1, 0, gi__bus_report
    tabw ktoken, 1, gi__bus_report
  endif
endop

opcode busmix, 0, ia
  itoken, asig xin
  iindex = (itoken >= gi__bus_modulus && itoken < 1e15 ? itoken % gi__bus_modulus : gi__bus_modulus)
  iindex = (iindex < gi__bus_audio ? iindex : gi__bus_modulus)
  if tab:k(iindex, gi__bus_tokens) == itoken then
    anew = asig * ga__gate
    if tab:k(iindex, gi__bus_stamps) == gk__cycle then
      aold = ga__bus[iindex]
      vincr anew, aold
    endif
    ga__bus[iindex] = anew
    tabw gk__cycle, iindex, gi__bus_stamps
    tabw gk__cycle, iindex, gi__bus_uses
  else
    tabw tab:k(0, gi__bus_report) + 1, 0, gi__bus_report
    tabw itoken, 1, gi__bus_report
  endif
endop

opcode busmix, 0, ka
  ktoken, asig xin
  kknown init -1e301
  if ktoken != kknown then
    kknown = ktoken
    kindex = (ktoken >= gi__bus_modulus && ktoken < 1e15 ? ktoken % gi__bus_modulus : gi__bus_modulus)
    kindex = (kindex < gi__bus_audio ? kindex : gi__bus_modulus)
  endif
  if tab:k(kindex, gi__bus_tokens) == ktoken then
    anew = asig * ga__gate
    if tab:k(kindex, gi__bus_stamps) == gk__cycle then
      aold = ga__bus[kindex]
      vincr anew, aold
    endif
    ga__bus[kindex] = anew
    tabw gk__cycle, kindex, gi__bus_stamps
    tabw gk__cycle, kindex, gi__bus_uses
  else
    tabw tab:k(0, gi__bus_report) + 1, 0, gi__bus_report
    tabw ktoken, 1, gi__bus_report
  endif
endop

opcode busassign, i, So
  Skind, ipersist xin
  ifirst = (strcmp(Skind, "control") == 0 ? gi__bus_own_control : gi__bus_own_audio)
  inow = i(gk__cycle)
  ifound = -1
  iat = ifirst
  while iat < ifirst + gi__bus_own do
    ilast = (tab_i(iat, gi__bus_leases) > tab_i(iat, gi__bus_uses) ? tab_i(iat, gi__bus_leases) : tab_i(iat, gi__bus_uses))
    ifound = (ifound < 0 && ilast < inow - 1 ? iat : ifound)
    iat += 1
  od
  ifree = (ifound < 0 ? gi__bus_modulus : ifound)
  iold = tab_i(ifree, gi__bus_tokens)
  itoken = (ifound < 0 ? 0 : (iold > 0 ? iold : ifound) + gi__bus_modulus)
  tabw_i (ifound < 0 ? iold : itoken), ifree, gi__bus_tokens
  tabw_i gi__bus_unset, ifree, gi__bus_values
  tabw_i 0, ifree, gi__bus_stamps
  ikept = (ipersist != 0 || p1 == 0 ? 1 : 0)
  tabw_i (ikept == 1 ? 1e300 : inow), ifree, gi__bus_leases
  if ikept == 0 then
    tabw gk__cycle, ifree, gi__bus_leases
  endif
  xout itoken
endop

opcode hosttempo, k, 0
  kvalue chnget ".tempo"
  xout kvalue
endop

opcode hosttempo, i, 0
  ivalue chnget ".tempo"
  xout ivalue
endop

opcode hostbeat, k, 0
  kvalue chnget ".beat"
  xout kvalue
endop

opcode hostbeat, i, 0
  ivalue chnget ".beat"
  xout ivalue
endop

opcode hostbar, k, 0
  kvalue chnget ".bar"
  xout kvalue
endop

opcode hostbar, i, 0
  ivalue chnget ".bar"
  xout ivalue
endop

opcode hostplaying, k, 0
  kvalue chnget ".playing"
  xout kvalue
endop

opcode hostplaying, i, 0
  ivalue chnget ".playing"
  xout ivalue
endop

opcode noteout_i, 0, iiio
  ikey, ivelocity, iduration, ioffset xin
  icount tab_i 0, gi__note_out
  iat = 1 + (icount % gi__note_out_size) * 5
  tabw_i 1, iat, gi__note_out
  tabw_i ikey, iat + 1, gi__note_out
  tabw_i ivelocity, iat + 2, gi__note_out
  tabw_i iduration, iat + 3, gi__note_out
  tabw_i ioffset, iat + 4, gi__note_out
  tabw_i icount + 1, 0, gi__note_out
endop

opcode noteout, 0, kkkO
  kkey, kvelocity, kduration, koffset xin
  kcount tab 0, gi__note_out
  kat = 1 + (kcount % gi__note_out_size) * 5
  tabw 1, kat, gi__note_out
  tabw kkey, kat + 1, gi__note_out
  tabw kvelocity, kat + 2, gi__note_out
  tabw kduration, kat + 3, gi__note_out
  tabw koffset, kat + 4, gi__note_out
  tabw kcount + 1, 0, gi__note_out
endop

opcode ccout_i, 0, iio
  icontroller, ivalue, ioffset xin
  icount tab_i 0, gi__note_out
  iat = 1 + (icount % gi__note_out_size) * 5
  tabw_i 2, iat, gi__note_out
  tabw_i icontroller, iat + 1, gi__note_out
  tabw_i ivalue, iat + 2, gi__note_out
  tabw_i 0, iat + 3, gi__note_out
  tabw_i ioffset, iat + 4, gi__note_out
  tabw_i icount + 1, 0, gi__note_out
endop

opcode ccout, 0, kkO
  kcontroller, kvalue, koffset xin
  kcount tab 0, gi__note_out
  kat = 1 + (kcount % gi__note_out_size) * 5
  tabw 2, kat, gi__note_out
  tabw kcontroller, kat + 1, gi__note_out
  tabw kvalue, kat + 2, gi__note_out
  tabw 0, kat + 3, gi__note_out
  tabw koffset, kat + 4, gi__note_out
  tabw kcount + 1, 0, gi__note_out
endop
