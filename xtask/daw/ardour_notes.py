"""Adds what Ardour's scripts cannot: MIDI regions, and the range to export.

usage: ardour_notes.py PROJECT_FOLDER SECONDS TRACK=FILE.mid...
"""

import shutil
import sys
import xml.etree.ElementTree as ET
from itertools import count
from pathlib import Path

SUPERCLOCKS = 282_240_000  # a second
TICKS = 1920  # a quarter note

REGION = {
    "ancestral-length": "b0@b0", "ancestral-start": "b0", "automatic": "1", "contents": "1", "external": "0",
    "first-edit": "nothing", "hidden": "0", "import": "0", "layering-index": "0", "left-of-split": "0", "locked": "0",
    "muted": "0", "opaque": "1", "position-locked": "0", "right-of-split": "0", "shift": "1", "start": "b0",
    "stretch": "1", "sync-marked": "0", "sync-position": "b0", "tags": "", "type": "midi", "valid-transients": "0",
    "video-locked": "0",
}


def add_notes(root, ids, folder, track, midi, quarters):
    name = f"{track}.mid"
    files = folder / "interchange" / folder.name / "midifiles"
    files.mkdir(parents=True, exist_ok=True)
    shutil.copy(midi, files / name)
    route = root.find(f"Routes/Route[@name='{track}']")
    playlist = root.find(f"Playlists/Playlist[@id='{route.get('midi-playlist')}']")
    source = next(ids)
    ET.SubElement(root.find("Sources"), "Source", {
        "flags": "", "id": source, "name": name, "origin": name, "take-id": "", "type": "midi"})
    about = REGION | {"length": f"b{quarters * TICKS}@b0", "master-source-0": source, "source-0": source}
    for parent, title, whole in [(root.find("Regions"), track, "1"), (playlist, f"{track}.1", "0")]:
        ET.SubElement(parent, "Region", about | {"id": next(ids), "name": title, "whole-file": whole})


def main():
    folder, seconds = Path(sys.argv[1]), int(sys.argv[2])
    file = folder / f"{folder.name}.ardour"
    tree = ET.parse(file)
    root = tree.getroot()
    ids = map(str, count(int(root.get("id-counter"))))
    for word in sys.argv[3:]:
        track, _, midi = word.partition("=")
        add_notes(root, ids, folder, track, midi, 2 * seconds)
    for location in root.findall("Locations/Location"):
        if "IsSessionRange" in location.get("flags", ""):
            root.find("Locations").remove(location)
    ET.SubElement(root.find("Locations"), "Location", {
        "cue": "0", "end": f"a{seconds * SUPERCLOCKS}", "flags": "IsSessionRange", "id": next(ids), "locked": "0",
        "name": "session", "start": "a0", "timestamp": "0"})
    root.set("id-counter", next(ids))
    root.set("session-range-is-free", "0")
    tree.write(file, encoding="UTF-8", xml_declaration=True)


main()
