"""A voice made of pulses and formants: speech to a voice detector, and nobody's."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from scipy.signal import lfilter

from heedful.labels import BURST, VOICE
from heedful.models import manifest
from heedful.perceive.logmel import BANDS

RATE = 16_000
VOWELS = ((730, 1090, 2440), (270, 2290, 3010), (300, 870, 2240), (530, 1840, 2480), (570, 840, 2410))


def spoken(seconds: float = 2.0, pitch: float = 140.0, loudness: float = 0.3, seed: int = 0) -> NDArray[np.float32]:
    """Return syllables of changing vowels with a wandering pitch, a quarter of a second each."""
    random = np.random.default_rng(seed)
    parts = []
    for number in range(max(1, round(seconds / 0.25))):
        count = RATE // 4
        glide = pitch * np.linspace(1.12, 0.94, count) * (1.0 + 0.02 * random.standard_normal())
        phase = np.cumsum(glide) / RATE
        source = np.diff(np.floor(phase), prepend=0.0) + 0.004 * random.standard_normal(count)
        for formant in VOWELS[number % len(VOWELS)]:
            radius = np.exp(-np.pi * 90.0 / RATE)
            source = lfilter(
                [1.0 - radius], [1.0, -2.0 * radius * np.cos(2 * np.pi * formant / RATE), radius**2], source
            )
        parts.append(source * np.hanning(count) ** 0.4)
    sound = np.concatenate(parts)[: round(seconds * RATE)]
    return (sound / np.abs(sound).max() * loudness).astype(np.float32)


def silence(seconds: float) -> NDArray[np.float32]:
    """Return silence."""
    return np.zeros(round(seconds * RATE), dtype=np.float32)


def write_wav(path: Path, samples: NDArray[np.float32], rate: int = RATE) -> Path:
    """Write a sound file."""
    import soundfile

    soundfile.write(path, samples, rate)
    return path


def write_voice_network(folder: Path, *, says: str = "joy", data_class: str = "open") -> Path:
    """Write a network of the shipped contract that says the same of every voice, and that there are words."""
    target = folder / "voice"
    target.mkdir(parents=True)
    biases = {
        "emotion": np.array([3.0 * (label == says) for label in VOICE], dtype=np.float32),
        "affect": np.array([0.5, 0.25], dtype=np.float32),
        "burst": np.array([4.0 * (label == "speech") for label in BURST], dtype=np.float32),
    }
    mel = helper.make_tensor_value_info("mel", TensorProto.FLOAT, ["batch", "frames", BANDS])
    mask = helper.make_tensor_value_info("mask", TensorProto.FLOAT, ["batch", "frames"])
    nodes, weights, outputs = [helper.make_node("ReduceMean", ["mel"], ["mean"], axes=[1], keepdims=0)], [], []
    for name, bias in biases.items():
        weights.append(numpy_helper.from_array(np.zeros((BANDS, len(bias)), dtype=np.float32), f"{name}.weight"))
        weights.append(numpy_helper.from_array(bias, f"{name}.bias"))
        nodes.append(helper.make_node("Gemm", ["mean", f"{name}.weight", f"{name}.bias"], [name]))
        outputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", len(bias)]))
    nodes.append(helper.make_node("Identity", ["mask"], ["unused"]))
    graph = helper.make_graph(nodes, "voice", [mel, mask], outputs, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.save(model, str(target / "network.onnx"))
    content = (target / "network.onnx").read_bytes()
    card = manifest.Card(
        name="voice",
        version="2025-01-01",
        description="Made by a test.",
        data_class="open" if data_class == "open" else "research",
        base="none",
        data=("ravdess: made by a test; without speakers s23, s24",),
        file="network.onnx",
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        tokenizer_sha256="",
        max_tokens=188,
        heads={
            "emotion": manifest.Head("single", VOICE),
            "affect": manifest.Head("regression", ("valence", "arousal")),
            "burst": manifest.Head("single", BURST),
        },
        scores={},
        groups={},
        limits=(),
    )
    (target / "card.json").write_text(json.dumps(card.to_dict()), encoding="utf-8")
    return target
