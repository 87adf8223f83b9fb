"""Plays the VST3 bundle in pedalboard, a host made with JUCE.

usage: pedalboard_host.py JOB.json

The job is an object with these keys; all but the first three may be missing:
    plugin      the .vst3 folder
    name        which plugin of it
    frames      how many samples to play at 48 kHz
    state       a file with the state to load first
    preset      a .vstpreset file to load first
    midi        a MIDI file to play; its times are rounded to whole samples
    input       a WAV file for the main input
    automation  [[frame, index of a parameter, value 0..1], ...]; a block begins at each of these
    blocks      the sizes of all blocks, in order, or the one size of all; default 512
    out         the WAV file to write: 32-bit floats, two channels
    save        a file for the state after playing

Prints one JSON object: the latency in samples, the names of all parameters as the plugin was opened and after it was
loaded, and their values after playing.
"""

import json
import sys

import mido
import numpy as np
import pedalboard
from pedalboard.io import AudioFile

RATE = 48_000
# JUCE writes bytes with these letters, six bits at a time, the lowest first.
LETTERS = ".ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+"


def juce_text(data):
    number = int.from_bytes(data, "little")
    letters = (LETTERS[number >> 6 * i & 63] for i in range((len(data) * 8 + 5) // 6))
    return f"{len(data)}." + "".join(letters)


def juce_bytes(text):
    size, _, letters = text.partition(".")
    number = 0
    for i, letter in enumerate(letters):
        number |= LETTERS.index(letter) << 6 * i
    return (number & (1 << 8 * int(size)) - 1).to_bytes(int(size), "little")


def wrap_state(component):
    """The component's state as pedalboard's raw_state holds it: JUCE's XML in a length-prefixed chunk."""
    xml = (
        '<?xml version="1.0" encoding="UTF-8"?> <VST3PluginState>'
        f"<IComponent>{juce_text(component)}</IComponent></VST3PluginState>"
    ).encode()
    return b"VC2!" + len(xml).to_bytes(4, "little") + xml + b"\0"


def unwrap_state(raw):
    xml = raw[8:].decode(errors="replace")
    return juce_bytes(xml.split("<IComponent>")[1].split("</IComponent>")[0])


def midi_messages(path):
    """(frame, bytes) of every channel message."""
    seconds, messages = 0.0, []
    for message in mido.MidiFile(path):
        seconds += message.time
        if not message.is_meta:
            messages.append((round(seconds * RATE), bytes(message.bytes())))
    return messages


def play(plugin, job):
    frames = job["frames"]
    blocks = job.get("blocks") or [512]
    messages = midi_messages(job["midi"]) if "midi" in job else []
    automation = job.get("automation", [])
    audio = None
    if "input" in job:
        with AudioFile(job["input"]) as file:
            audio = file.read(file.frames)
    parameters = list(plugin.parameters.values())
    heard, start = [], 0
    for length in calls(blocks, frames, [frame for frame, _, _ in automation]):
        for frame, index, value in automation:
            if frame == start:
                parameters[index].raw_value = value
        # Another buffer size would make the host stop and start the plugin, so it stays the same in all calls.
        common = dict(buffer_size=max(blocks), reset=start == 0)
        if audio is not None:
            part = np.ascontiguousarray(audio[:, start : start + length])
            heard.append(plugin(part, RATE, **common))
        else:
            here = [
                # A quarter of a sample keeps the host's own rounding from falling one short.
                (list(data), (frame - start + 0.25) / RATE)
                for frame, data in messages
                if start <= frame < start + length
            ]
            duration = (length + 0.25) / RATE
            heard.append(plugin(here, duration=duration, sample_rate=RATE, num_channels=2, **common))
        start += length
    return np.concatenate(heard, axis=1)


def calls(blocks, frames, stops):
    """The lengths of the calls: one a block, or, with blocks of one size, from one stop to the next."""
    if len(blocks) > 1:
        return blocks
    edges = sorted({0, frames, *stops})
    return [end - start for start, end in zip(edges, edges[1:])]


def names(plugin):
    return [parameter.name for parameter in plugin._parameters]


def main():
    with open(sys.argv[1]) as file:
        job = json.load(file)
    plugin = pedalboard.load_plugin(job["plugin"], plugin_name=job["name"])
    before = names(plugin)
    if "preset" in job:
        plugin.load_preset(job["preset"])
    if "state" in job:
        with open(job["state"], "rb") as file:
            plugin.raw_state = wrap_state(file.read())
    after = names(plugin)
    sound = play(plugin, job)
    if "out" in job:
        with AudioFile(job["out"], "w", RATE, 2, bit_depth=32) as file:
            file.write(sound)
    if "save" in job:
        with open(job["save"], "wb") as file:
            file.write(unwrap_state(plugin.raw_state))
    values = [parameter.raw_value for parameter in plugin.parameters.values()]
    about = {"names_before": before, "names": after, "parameters": values}
    print(json.dumps({"latency": plugin.reported_latency_samples} | about))


main()
