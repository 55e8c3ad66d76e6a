"""Look for a sound file that Heedful trips over: `python -m benchmarks.fuzz_sound [--files 10000]`.

Files of every format that is read have their headers and bodies damaged: bytes changed, taken out, repeated, cut off,
numbers in the header set to extremes. Each must give a reading, an abstention, or an InputError, in a short time.
"""

from __future__ import annotations

import argparse
import faulthandler
import io
import time
from collections import Counter

import numpy as np
import soundfile
from rich.console import Console

from benchmarks.voice_speed import speech
from heedful.config import Config
from heedful.errors import InputError
from heedful.perceive.voice import VoicePerceiver
from heedful.sound import RATE, decode

SECONDS = 5.0
"""Processor time that one file may take."""
HANGING = 60.0
"""Seconds after which the run is ended with a trace of where it hangs."""
FORMATS = (("WAV", "PCM_16"), ("WAV", "FLOAT"), ("FLAC", "PCM_16"), ("OGG", "VORBIS"), ("OGG", "OPUS"),
           ("MP3", "MPEG_LAYER_III"), ("AIFF", "PCM_16"), ("AU", "PCM_16"), ("CAF", "PCM_16"))  # fmt: skip
HEADER = 64
SPOKEN = speech(1.0)
EXTREMES = (
    b"\x00" * 4,
    b"\xff" * 4,
    b"\x7f\xff\xff\xff",
    b"\xff\xff\xff\x7f",
    b"\x80\x00\x00\x00",
    b"\x01\x00\x00\x00",
)


def main() -> None:
    """Fuzz and print what became of the files; a failure ends the run with the file's number."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000, help="how many")
    parser.add_argument("--seed", type=int, default=1, help="of the random choices")
    options = parser.parse_args()
    perceiver = VoicePerceiver(Config.load())
    found: Counter[str] = Counter()
    slowest = 0.0
    for number in range(options.files):
        random = np.random.default_rng((options.seed, number))
        content = damaged(original(random), random)
        faulthandler.dump_traceback_later(HANGING, exit=True)
        start = time.process_time()
        found[outcome(perceiver, content)] += 1
        spent = time.process_time() - start
        faulthandler.cancel_dump_traceback_later()
        slowest = max(slowest, spent)
        if spent > SECONDS:
            raise SystemExit(f"file {number} took {spent:.1f} s")
    console = Console()
    for what, times in found.most_common():
        console.print(f"{times:7,} {what}", highlight=False)
    console.print(f"{options.files:,} files, the slowest took {slowest:.2f} s of processor time", highlight=False)


def original(random: np.random.Generator) -> bytes:
    """Return a sound file of some format: a second at most of tones and noise, or of something like speech."""
    kind, subtype = FORMATS[int(random.integers(len(FORMATS)))]
    rate = int(random.choice([8_000, 16_000, 24_000, 48_000]))
    count = int(random.integers(1, rate))
    at = np.arange(count) / rate
    wave = 0.4 * np.sin(2 * np.pi * random.uniform(80, 900) * at) + 0.05 * random.standard_normal(count)
    if random.random() < 0.7:
        rate, wave = RATE, SPOKEN.astype(np.float64)
    wave = np.stack([wave] * int(random.integers(1, 3)), axis=1)
    file = io.BytesIO()
    soundfile.write(file, wave.astype(np.float32), rate, format=kind, subtype=subtype)
    return file.getvalue()


def damaged(content: bytes, random: np.random.Generator) -> bytes:
    """Return a file with one to eight damages, half of them in its header."""
    data = bytearray(content)
    for _ in range(int(random.integers(1, 9))):
        if not data:
            break
        reach = min(len(data), HEADER if random.random() < 0.5 else len(data))
        place = int(random.integers(reach))
        length = int(random.integers(1, 40))
        way = int(random.integers(5))
        if way == 0:
            data[place : place + 4] = EXTREMES[int(random.integers(len(EXTREMES)))]
        elif way == 1:
            data[place : place + length] = random.bytes(length)
        elif way == 2:
            del data[place : place + length]
        elif way == 3:
            data[place:place] = data[place : place + length]
        else:
            del data[max(place, len(data) // 8) :]
    return bytes(data)


def outcome(perceiver: VoicePerceiver, content: bytes) -> str:
    """Return what became of a file, in words; anything but an InputError gets through."""
    try:
        audio = decode(content)
    except InputError:
        return "refused with a reason"
    try:
        reading = perceiver.hear(audio)
    except InputError:
        return "decoded, then refused with a reason"
    if not np.isfinite([reading.valence, reading.arousal, reading.confidence]).all() or audio.rate != RATE:
        raise SystemExit("a reading is no number")
    return "abstained with a reason" if reading.abstained else "read"


if __name__ == "__main__":
    main()
