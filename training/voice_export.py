"""Fit the shipped voice network, export it and write its card: `python -m training.voice_export`."""

from __future__ import annotations

import argparse
import hashlib
import logging
import os
import warnings
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, cast

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from heedful.labels import BASIC, BURST, VOICE, VOICE_TO_BASIC
from heedful.measure.metric import Tally, measured
from heedful.measure.voice import recall_tally
from heedful.models.manifest import WEIGHTS, Card, Head, Score
from heedful.perceive.logmel import BANDS
from training.__main__ import logging_to
from training.card import save_card
from training.voice_data import SOURCES, SPEECH, TABLES, Clip, read_clips
from training.voice_fit import logits_of
from training.voice_folds import Runs
from training.voice_network import VoiceNetwork
from training.voice_recipe import RECIPE, VoiceRecipe, read_voice_recipe

log = logging.getLogger("training")

_LARGE: Final = 1024
OUTPUTS: Final = ("emotion", "affect", "burst")
"""Heads that are exported."""
FRAMES: Final = 188
"""Frames of 16 ms that it hears at once, the card's `max_tokens`: 3 s."""


class Shipped(nn.Module):
    """The network as it runs: the heads that are exported, and no others."""

    def __init__(self, network: VoiceNetwork) -> None:
        super().__init__()
        self.network = network
        self.places = [list(network.heads).index(name) for name in OUTPUTS]

    def forward(self, mel: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        """Return the logits of each exported head."""
        logits = self.network(mel, mask)
        return tuple(logits[place] for place in self.places)


def export(network: VoiceNetwork, file: Path) -> None:
    """Write a network as ONNX."""
    file.parent.mkdir(parents=True, exist_ok=True)
    free = {0: "batch", 1: "frames"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Shipped(network).eval(),
            (torch.zeros(2, 64, BANDS), torch.ones(2, 64)),
            str(file),
            input_names=["mel", "mask"],
            output_names=list(OUTPUTS),
            dynamic_axes={"mel": free, "mask": free, **{name: {0: "batch"} for name in OUTPUTS}},
            opset_version=17,
            dynamo=False,
        )
    model = onnx.load(str(file))
    in_halves(model.graph)
    onnx.checker.check_model(model)
    onnx.save(model, str(file))


def in_halves(graph: onnx.GraphProto) -> None:
    """Keep the large weights as 16-bit floats, which are widened when the network is loaded: half the size."""
    for place, tensor in enumerate(list(graph.initializer)):
        if tensor.data_type != onnx.TensorProto.FLOAT or np.prod(tensor.dims) < _LARGE:
            continue
        name = tensor.name
        values = onnx.numpy_helper.to_array(tensor).astype(np.float16)
        graph.initializer[place].CopyFrom(onnx.numpy_helper.from_array(values, f"{name}.half"))
        graph.node.insert(0, onnx.helper.make_node("Cast", [f"{name}.half"], [name], to=onnx.TensorProto.FLOAT))


def temperature_of(logits: NDArray[np.float32], clips: Sequence[Clip]) -> float:
    """Return what to divide logits by so that they fit best what the clips' corpora say."""
    allowed = np.array([clip.allowed for clip in clips]) > 0
    truth = np.array([np.argmax(clip.emotion) for clip in clips])
    values = np.where(allowed, logits, -1e9)

    def loss(temperature: float) -> float:
        scaled = values / temperature
        top = scaled.max(axis=1)
        spread = top + np.log(np.exp(scaled - top[:, None]).sum(axis=1))
        return float((spread - scaled[np.arange(len(truth)), truth]).mean())

    grid = np.geomspace(0.3, 3.0, 47)
    return float(min(grid, key=lambda each: loss(float(each))))


def confidence_of(logits: NDArray[np.float32], clips: Sequence[Clip], temperature: float) -> tuple[float, float]:
    """Return slope and offset from the logit of the strongest BASIC probability to the chance that it is right."""
    scaled = logits / temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    shares = np.array([[VOICE_TO_BASIC[label].get(basic, 0.0) for basic in BASIC] for label in VOICE])
    basic = powers / powers.sum(axis=1, keepdims=True) @ shares
    gold = np.array([np.argmax(np.array(clip.emotion) @ shares) for clip in clips])
    most = np.clip(basic.max(axis=1), 1e-6, 1 - 1e-6)
    right = torch.from_numpy((basic.argmax(axis=1) == gold).astype(np.float32))
    given = torch.from_numpy(np.log(most / (1 - most)).astype(np.float32))
    weights = torch.tensor([1.0, 0.0], requires_grad=True)
    optimizer = torch.optim.LBFGS([weights], max_iter=100)

    def step() -> Tensor:
        optimizer.zero_grad()
        loss = nn.functional.binary_cross_entropy_with_logits(given * weights[0] + weights[1], right)
        torch.autograd.backward(loss)
        return loss

    cast("Any", optimizer).step(step)
    slope, shift = weights.tolist()
    return max(float(slope), 0.1), float(shift)


def heads_of(network: VoiceNetwork, recipe: VoiceRecipe, clips: Sequence[Clip]) -> dict[str, Head]:
    """Return the heads as the card names them, tuned on the speakers that the network never heard."""
    spoken = [clip for clip in recipe.unheard(clips) if clip.corpus in SPEECH]
    logits = logits_of(network, spoken)
    temperature = temperature_of(logits, spoken)
    return {
        "emotion": Head("single", VOICE, temperature, confidence=confidence_of(logits, spoken, temperature)),
        "affect": Head("regression", ("valence", "arousal")),
        "burst": Head("single", BURST),
    }


def scores_of(network: VoiceNetwork, unheard: Sequence[Clip]) -> dict[str, Score]:
    """Return how well each table's unheard speakers are read, over its own classes."""
    found = {}
    for table in TABLES:
        part = [clip for clip in unheard if clip.corpus == table]
        if not part:
            continue
        if table == "emogator":
            truth = np.array([clip.burst for clip in part])
            said = logits_of(network, part, "burst")[:, :-1].argmax(axis=1)
        else:
            truth = np.array([int(np.argmax(clip.emotion)) for clip in part])
            allowed = np.array([clip.allowed for clip in part])
            said = np.where(allowed > 0, logits_of(network, part), -1e9).argmax(axis=1)
        found[f"{table}, UAR over {len(np.unique(truth))} classes"] = score(recall_tally(truth, said))
    return found


def score(tally: Tally) -> Score:
    """Return a figure of the card."""
    figure = measured("UAR", tally)
    return Score(figure.value, figure.low, figure.high, figure.n, "V1s, held-out speakers, cut by hand")


def sources_of(recipe: VoiceRecipe) -> tuple[str, ...]:
    """Return what the network was trained on, with licences and the speakers that it never heard."""
    return tuple(f"{table}: {SOURCES[table]}; without speakers {', '.join(recipe.held_out[table])}" for table in TABLES)


def write_card(recipe: VoiceRecipe, network: VoiceNetwork, clips: Sequence[Clip], folder: Path) -> Card:
    """Write the card beside the exported network."""
    file = folder / "network.onnx"
    card = Card(
        name=recipe.name,
        version=datetime.now(UTC).date().isoformat(),
        description=recipe.description,
        data_class="open" if recipe.data_class == "open" else "research",
        base="none: trained from nothing",
        data=sources_of(recipe),
        file=file.name,
        sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        bytes=file.stat().st_size,
        tokenizer_sha256="",
        max_tokens=FRAMES,
        heads=heads_of(network, recipe, clips),
        scores=scores_of(network, recipe.unheard(clips)),
        groups={},
        limits=recipe.limits,
    )
    save_card(card, folder)
    return card


def main() -> None:
    """Run the recipe from start to card; a run that is there is not trained again."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipe", type=Path, default=RECIPE)
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="where weights and pictures are kept")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="where the exported network goes")
    options = parser.parse_args()
    folder = options.runs / "voice"
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", os.cpu_count() or 1)))
    with closing(logging.FileHandler(folder / "log.txt")) as file, logging_to(logging.StreamHandler(), file):
        recipe = read_voice_recipe(options.recipe)
        runs = Runs(recipe, read_clips(folder / "pictures"), folder)
        network = runs.shipped()
        target = options.weights / recipe.name
        export(network, target / "network.onnx")
        card = write_card(recipe, network, runs.clips, target)
        for name, figure in card.scores.items():
            log.info("%s: %.3f (%.3f to %.3f), n = %d", name, figure.value, figure.low, figure.high, figure.n)


if __name__ == "__main__":
    main()
