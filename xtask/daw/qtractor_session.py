"""Writes a session for Qtractor: one MIDI track that plays a MIDI file into the CLAP.

usage: qtractor_session.py SESSION.qtr PLUGIN.clap STATE FILE.mid FRAMES
"""

import base64
import struct
import sys
import xml.etree.ElementTree as ET
import zlib
from pathlib import Path

RATE = 48_000


def packed(state):
    """A CLAP's state as Qtractor keeps it: as Qt packs bytes, in base 64."""
    return base64.b64encode(struct.pack(">I", len(state)) + zlib.compress(state)).decode()


def add(parent, **texts):
    for name, text in texts.items():
        ET.SubElement(parent, name.replace("_", "-")).text = str(text)


def bus(parent, name):
    return ET.SubElement(parent, name, {"name": "Master", "mode": "duplex"})


def main():
    session, plugin, state, midi, frames = map(Path, sys.argv[1:])
    root = ET.Element("session", {"name": session.stem, "version": "Qtractor 0.9.31"})
    add(ET.SubElement(root, "properties"), directory=session.parent, sample_rate=RATE, tempo=120, ticks_per_beat=960,
        beats_per_bar=4, beat_divisor=2)
    devices = ET.SubElement(root, "devices")
    add(bus(ET.SubElement(devices, "audio-engine"), "audio-bus"), channels=2, auto_connect=1)
    bus(ET.SubElement(devices, "midi-engine"), "midi-bus")
    track = ET.SubElement(ET.SubElement(root, "tracks"), "track", {"name": "Lead", "type": "midi"})
    add(ET.SubElement(track, "properties"), input_bus="Master", output_bus="Master", midi_channel=0)
    add(ET.SubElement(track, "state"), mute=0, solo=0, record=0, monitor=0, gain=1, panning=0)
    clip = ET.SubElement(ET.SubElement(track, "clips"), "clip", {"name": "notes"})
    add(ET.SubElement(clip, "properties"), name="notes", start=0, offset=0, length=frames, gain=1)
    add(ET.SubElement(clip, "midi-clip"), filename=midi, track_channel=0, revision=0)
    plugins = ET.SubElement(track, "plugins")
    entry = ET.SubElement(plugins, "plugin", {"type": "CLAP"})
    add(entry, filename=plugin, index=0, label="Csound Session")
    kept = ET.SubElement(ET.SubElement(entry, "configs"), "config", {"key": "state"})
    kept.text = packed(state.read_bytes())
    add(entry, activated=1)
    add(plugins, audio_output_bus=0, audio_output_auto_connect=1)
    ET.ElementTree(root).write(session, encoding="UTF-8", xml_declaration=True)


main()
