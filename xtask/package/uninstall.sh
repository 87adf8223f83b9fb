#!/bin/sh
# Removes what install.sh has copied. Your own documents are elsewhere and stay.
set -eu
program="$HOME/.clap/csound-session.support/csound-session"
if [ -x "$program" ]; then "$program" vst3-presets --remove || true; fi
rm -rf "$HOME/.clap/Csound Session.clap" "$HOME/.clap/csound-session.support" "$HOME/.vst3/Csound Session.vst3"
echo "removed from $HOME/.clap and $HOME/.vst3"
