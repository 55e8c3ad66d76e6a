"""Protocol S2, voice speed: `python -m benchmarks.voice_speed [--quick]`.

Four seconds of 16 kHz speech, read whole (finding the voice, features, network, prosody), and the network with its
features alone; a stream; on one thread. Also what ten minutes of a stream take in memory.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from scipy.signal import lfilter

from benchmarks.machine import describe
from benchmarks.timing import PROTOCOL, QUICK, Pace
from heedful.config import Config
from heedful.media import Audio
from heedful.perceive.hearing import Hearing
from heedful.perceive.logmel import log_mel
from heedful.perceive.prosody import Baseline
from heedful.perceive.voice import VoicePerceiver
from heedful.sound import RATE

SECONDS = 4.0
RESULTS = Path(__file__).with_name("results")
MINUTES = 10
CHUNK = 1600


def main() -> None:
    """Measure, print, and write a dated result; a quick run is printed only."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, nothing written: a first look")
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    found = measure(QUICK if options.quick else PROTOCOL)
    console = Console()
    for name, value in found.items():
        console.print(f"{name}: {value}", highlight=False)
    if not options.quick:
        file = RESULTS / f"{datetime.now(UTC):%Y-%m-%d}-voice.json"
        file.write_text(json.dumps(found, indent=1, default=str) + "\n", encoding="utf-8")
        console.print(f"written: {file}", highlight=False)


def measure(pace: Pace) -> dict[str, object]:
    """Return every figure by name; real-time factors are processor time over the length of the sound."""
    perceiver = VoicePerceiver(Config.load())
    samples = speech(SECONDS)
    audio = Audio.from_array(samples, RATE)
    known = Baseline()
    whole = _processor(lambda: perceiver.hear(audio), pace)
    network = _processor(lambda: perceiver.read(samples, known, figures=False), pace)
    three = _processor(lambda: perceiver.run([log_mel(samples[: 3 * RATE])]), pace)
    stream, lag, grown = streamed(perceiver)
    return {
        "protocol": "S2",
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": str(describe()),
        "network": perceiver.card.version_id,
        "seconds of speech": SECONDS,
        "repetitions": pace.repetitions,
        "real-time factor, whole reading": round(whole / SECONDS, 5),
        "real-time factor, features and network": round(network / SECONDS, 5),
        "milliseconds, features and network of a window of 3 s": round(three * 1000.0, 3),
        "real-time factor, live stream": round(stream, 5),
        "seconds that a live reading lags the sound": round(lag, 3),
        f"MiB that {MINUTES} minutes of a live stream add": round(grown, 2),
    }


def streamed(perceiver: VoicePerceiver) -> tuple[float, float, float]:
    """Return real-time factor, greatest lag in seconds and growth of memory in MiB of a stream of MINUTES."""
    minute = np.concatenate([np.concatenate([speech(4.0, seed), np.zeros(RATE * 2, np.float32)]) for seed in range(10)])
    hearing = Hearing(perceiver)
    for start in range(0, RATE * 10, CHUNK):  # what is loaded at first use is no part of it
        hearing.push(minute[start : start + CHUNK])
    hearing = Hearing(perceiver)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    lag, pushed, began = 0.0, 0, time.process_time()
    for _ in range(MINUTES):
        for start in range(0, len(minute), CHUNK):
            part = minute[start : start + CHUNK]
            took = time.process_time()
            heard = hearing.push(part)
            took = time.process_time() - took
            pushed += len(part)
            lag = max([lag, *(pushed / RATE - each.end + took for each in heard if each.kind == "reading")])
    spent = time.process_time() - began
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024.0
    return spent / (pushed / RATE), lag, grown


def _processor(call: Callable[[], object], pace: Pace) -> float:
    """Return the median processor time of a call, in seconds: what it costs, whatever else the machine does."""
    times = []
    for number in range(pace.warm_ups + pace.repetitions):
        start = time.process_time()
        call()
        if number >= pace.warm_ups:
            times.append(time.process_time() - start)
    return statistics.median(times)


def speech(seconds: float, seed: int = 0) -> NDArray[np.float32]:
    """Return something that a voice detector takes for speech: pulses through formants, four syllables a second."""
    random = np.random.default_rng(seed)
    vowels = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480))
    parts = []
    for number in range(round(seconds * 4)):
        count = RATE // 4
        phase = np.cumsum((120.0 + 20.0 * random.standard_normal()) * np.linspace(1.1, 0.95, count)) / RATE
        source = np.diff(np.floor(phase), prepend=0.0) + 0.004 * random.standard_normal(count)
        for formant in vowels[number % len(vowels)]:
            radius = np.exp(-np.pi * 90.0 / RATE)
            turn = -2.0 * radius * np.cos(2 * np.pi * formant / RATE)
            source = lfilter([1.0 - radius], [1.0, turn, radius**2], source)
        parts.append(source * np.hanning(count) ** 0.4)
    sound = np.concatenate(parts)
    return np.asarray(0.3 * sound / np.abs(sound).max(), dtype=np.float32)


if __name__ == "__main__":
    main()
