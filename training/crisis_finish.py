"""Turn the fitted crisis network into a shipped one: export, tune on the probes for building, write its card."""

from __future__ import annotations

import logging
import random
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from scipy.special import expit
from tokenizers import Tokenizer

from heedful.guard.crisis import KINDS
from heedful.guard.scan import LEVELS
from heedful.guard.second import spoken
from heedful.measure.guard import proportion
from heedful.measure.metric import Figure
from heedful.measure.probe import probes as read_probes_of
from heedful.models.manifest import Head, Score
from heedful.models.tokens import lay_out
from training.calibrate import tune_temperature
from training.card import write_card
from training.crisis_texts import ORDINARY, Told
from training.data import read_rows
from training.export import export_network
from training.network import TextNetwork
from training.quantise import Inputs

if TYPE_CHECKING:
    from training.crisis import CrisisRecipe

log = logging.getLogger("training")
Floats = NDArray[np.floating]
_ROOT = Path(__file__).parent.parent
_PROBES = ("tests/guard/probes.toml", "src/heedful/measure/probes/build.toml")
"""Probes that may be tuned with; those that the guard is measured with are others."""
_CALIBRATION = 300
_AT_ONCE = 32
_WORTH_ASKING = 3.0
"""So many times as many ordinary messages may be taken to be worth a question as may alarm."""
_FOREIGN = "another language"


@dataclass(frozen=True, slots=True)
class Tried:
    """What an exported network says of some texts."""

    levels: Floats
    """Logits, texts x 3."""
    kinds: Floats
    """Logits, texts x kinds."""


def finish(
    network: TextNetwork,
    tokenizer: Tokenizer,
    pools: Mapping[str, Sequence[Told]],
    recipe: CrisisRecipe,
    folder: Path,
    target: Path,
) -> None:
    """Export the network into `folder`, tune and measure it, and write the shipped form into `target`."""
    exported = export(network, tokenizer, pools, recipe, folder)
    dangers = probes()
    wild = [spoken(str(row["text"])) for row in read_rows("goemotions") if row["split"] == "dev"]
    probed = infer(exported, tokenizer, [told.words for told in dangers], recipe)
    everyday = infer(exported, tokenizer, wild, recipe)
    heads = tuned(dangers, probed, everyday, recipe)
    scores = {name: _score(figure) for name, figure in figures(dangers, probed, everyday, heads).items()}
    for name, score in scores.items():
        log.info("%s: %.4f (%.4f to %.4f), n = %d", name, score.value, score.low, score.high, score.n)
    sources = ("texts written for it (training/crisis), Apache-2.0", *ORDINARY.values())
    write_card(recipe, heads, exported, folder / "tokenizer.json", sources, scores, {}, target)
    log.info("wrote %s", target)


def export(
    network: TextNetwork, tokenizer: Tokenizer, pools: Mapping[str, Sequence[Told]], recipe: CrisisRecipe, folder: Path
) -> Path:
    """Write the network with 8-bit integers into `folder`, its ranges fitted to some texts of each kind."""
    dice = random.Random(recipe.seed)
    some = [told.words for texts in pools.values() for told in dice.sample(list(texts), _CALIBRATION // len(pools))]
    return export_network(network, folder, [_fed(tokenizer, [words], recipe) for words in some])[1]


def probes() -> list[Told]:
    """Return the probes that may be tuned with, near misses with the level none, without those in other languages."""
    found: dict[str, Told] = {}
    for path in _PROBES:
        data = tomllib.loads((_ROOT / path).read_text(encoding="utf-8"))
        for group in data["crisis"]:
            if group.get("evasion") != _FOREIGN:
                for text in group.get("texts") or [group["text"]]:
                    words = spoken(text)
                    found[words] = Told(words, group["level"], group.get("kind"))
        for group in data["near"]:
            for text in group["texts"]:
                found.setdefault(spoken(text), Told(spoken(text), "none", None))
    return [told for told in unmeasured(found.values()) if told.words.isascii()]


def unmeasured(texts: Iterable[Told]) -> list[Told]:
    """Return the texts without those that the guard is measured with."""
    measured = measured_with()
    return [told for told in texts if told.words not in measured]


def measured_with() -> frozenset[str]:
    """Return the texts that the guard is measured with, in plain words: none of them may be learned from."""
    parts = (read_probes_of("kept"), read_probes_of("unseen"))
    return frozenset(spoken(text) for of in parts for text in (*of.near, *(danger.text for danger in of.crisis)))


def infer(path: Path, tokenizer: Tokenizer, texts: Sequence[str], recipe: CrisisRecipe) -> Tried:
    """Return what an exported network says of texts, in order."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    levels = np.zeros((len(texts), len(LEVELS) - 1))
    kinds = np.zeros((len(texts), len(KINDS)))
    laid = [each.ids for each in lay_out(tokenizer, list(texts), None, recipe.max_tokens)]
    order = sorted(range(len(laid)), key=lambda row: len(laid[row]))
    for start in range(0, len(order), _AT_ONCE):
        rows = order[start : start + _AT_ONCE]
        ids = np.zeros((len(rows), len(laid[rows[-1]])), dtype=np.int64)
        mask = np.zeros_like(ids)
        for line, row in enumerate(rows):
            ids[line, : len(laid[row])] = laid[row]
            mask[line, : len(laid[row])] = 1
        levels[rows], kinds[rows] = session.run(["level", "kind"], {"input_ids": ids, "attention_mask": mask})
    return Tried(levels, kinds)


def tuned(dangers: Sequence[Told], probed: Tried, everyday: Tried, recipe: CrisisRecipe) -> dict[str, Head]:
    """Return the heads with their temperature and thresholds."""
    reached = np.array([[LEVELS.index(told.level) > place for place in range(len(LEVELS) - 1)] for told in dangers])
    logits = np.concatenate([probed.levels, everyday.levels])
    temperature = tune_temperature(logits, np.concatenate([reached, np.zeros_like(everyday.levels)]))
    seen, wild = expit(probed.levels / temperature), expit(everyday.levels / temperature)
    high = _least(wild[:, 1], recipe.ordinary_alarms)
    concern = _least(wild[:, 0], recipe.ordinary_alarms * _WORTH_ASKING)
    alarming = seen[:, 1] >= high
    steps = np.linspace(0.05, 0.95, 91)
    right = [np.mean((seen[alarming, 2] >= step) == reached[alarming, 2]) for step in steps]
    imminent = float(steps[int(np.argmax(right))])
    return {
        "level": Head("multilabel", LEVELS[1:], temperature, (concern, high, imminent)),
        "kind": Head("single", KINDS),
    }


def figures(dangers: Sequence[Told], probed: Tried, everyday: Tried, heads: Mapping[str, Head]) -> dict[str, Figure]:
    """Return what the network alone notices and how often it is wrong, on what it was tuned with."""
    head = heads["level"]
    alarms = expit(probed.levels[:, 1] / head.temperature) >= head.thresholds[1]
    danger = np.array([told.level in ("high", "imminent") for told in dangers])
    near = np.array([told.level == "none" for told in dangers])
    named = np.array([told.kind == KINDS[kind] for told, kind in zip(dangers, probed.kinds.argmax(1), strict=True)])
    known = danger & np.array([told.kind is not None for told in dangers])
    wild = expit(everyday.levels[:, 1] / head.temperature) >= head.thresholds[1]
    return {
        "noticed, of high and imminent (build probes)": _share(alarms[danger]),
        "false alarms (build near misses)": _share(alarms[near]),
        "kind named rightly (build probes)": _share(named[known]),
        "alarms (GoEmotions dev)": _share(wild),
    }


def _share(hits: NDArray[np.bool_]) -> Figure:
    return proportion("", int(hits.sum()), len(hits))


def _score(figure: Figure) -> Score:
    return Score(figure.value, figure.low, figure.high, figure.n, "the network alone, on what it was tuned with")


def _least(probabilities: Floats, share: float) -> float:
    """Return the least probability that at most a share of these reach."""
    ordered = np.sort(probabilities)[::-1]
    return float(min(0.99, ordered[int(share * len(ordered))] + 1e-6))


def _fed(tokenizer: Tokenizer, texts: Sequence[str], recipe: CrisisRecipe) -> Inputs:
    ids = np.array([each.ids for each in lay_out(tokenizer, list(texts), None, recipe.max_tokens)], dtype=np.int64)
    return {"input_ids": ids, "attention_mask": np.ones_like(ids)}
