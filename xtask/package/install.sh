#!/bin/sh
# Copies the plugins into this user's folders, over older ones.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
"$here/uninstall.sh" >/dev/null
mkdir -p "$HOME/.clap" "$HOME/.vst3"
cp -R "$here/clap/." "$HOME/.clap/"
cp -R "$here/vst3/." "$HOME/.vst3/"
"$HOME/.clap/csound-session.support/csound-session" vst3-presets || echo "VST3 presets were not written"
echo "installed into $HOME/.clap and $HOME/.vst3; let your DAW scan again"
