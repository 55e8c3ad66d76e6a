"""Bring a fitted face network home: tune its heads on dev, export it, measure it, write its card."""

from __future__ import annotations

import hashlib
import json
import logging
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from heedful.labels import FACE
from heedful.measure.faces import Faces as TestFaces
from heedful.measure.faces import answers, plurality, score
from heedful.measure.faces import read_faces as read_test
from heedful.measure.metric import Figure, accuracy, measured
from heedful.models.manifest import Card, Head, Score
from heedful.models.session import Session
from heedful.models.sight import Sight
from training.face.data import SOURCE, Faces
from training.face.export import export_face, export_finder
from training.face.finder import FinderNetwork
from training.face.network import ORIGINAL, FaceNetwork
from training.face.recipe import Recipe
from training.face.tune import features_of, fit_face, logits_of, tune_original, tune_votes

log = logging.getLogger("training")
FILE = "network.onnx"


def finish(recipe: Recipe, network: FaceNetwork, train: Faces, dev: Faces, target: Path) -> Card:
    """Tune, export and measure a face network, and write its folder.

    Args:
        recipe: what it was trained by.
        network: the fitted network.
        train: what it was trained on.
        dev: what it is tuned on.
        target: the folder to write; the finder's lies beside it.
    """
    both = [features_of(network, dev.pictures, recipe.size, mirrored) for mirrored in (False, True)]
    votes, original = (sum(logits_of(layer, each) for each in both) / 2 for layer in (network.votes, network.original))
    layer, face, passing = fit_face(network, train, dev, recipe, str(target.parent / "finder"))
    heads = {
        "votes": tune_votes(np.asarray(votes), dev),
        "original": tune_original(np.asarray(original), dev),
        "face": face,
    }
    log.info("of dev's non-faces %.4f pass as a face", passing)
    target.mkdir(parents=True, exist_ok=True)
    export_face(network, layer, recipe.size, target / FILE)
    card = _card(recipe.name, recipe.description, recipe.data_class, recipe.limits, heads, target / FILE)
    sight = Sight(Session(Card.from_dict(card.to_dict() | {"place": str(target)})))
    scores, groups = _scores(sight, read_test("test"))
    groups["told from a face wrongly (dev)"] = {"share of non-faces": round(passing, 4)}
    final = Card.from_dict(card.to_dict() | {"scores": {k: v.to_dict() for k, v in scores.items()}, "groups": groups})
    _write(final, target)
    return final


def finish_finder(network: FinderNetwork, limits: tuple[str, ...], target: Path) -> Card:
    """Export the finder and write its card."""
    target.mkdir(parents=True, exist_ok=True)
    export_finder(network, target / FILE)
    heads = {"places": Head("tokens", ("face", "across", "down", "size"))}
    told = "Where faces are: of every fourth place of a picture, whether a face of 24 pixels is there."
    card = _card("finder", told, "research", limits, heads, target / FILE)
    _write(card, target)
    return card


def _card(
    name: str, description: str, data_class: str, limits: tuple[str, ...], heads: dict[str, Head], file: Path
) -> Card:
    content = file.read_bytes()
    return Card(
        name=name,
        version=f"{datetime.now(UTC):%Y-%m-%d}",
        description=description,
        data_class="open" if data_class == "open" else "research",
        base="none: trained from nothing",
        data=(SOURCE,),
        file=file.name,
        sha256=hashlib.sha256(content).hexdigest(),
        bytes=len(content),
        tokenizer_sha256="",
        max_tokens=0,
        heads=heads,
        scores={},
        groups={},
        limits=limits,
    )


def _scores(sight: Sight, test: TestFaces) -> tuple[dict[str, Score], dict[str, dict[str, float]]]:
    told = answers(sight, test.pictures)
    figures = score(plurality(test.votes), told.said, told.confidence)
    seven = np.array([ORIGINAL.index(label) if label in ORIGINAL else -1 for label in test.original])
    right = np.asarray(told.original == seven)[seven >= 0]
    scores = {figure.name: _score(figure, "F1, FER+ test") for figure in figures[:4]}
    scores["accuracy, original labels"] = _score(measured("accuracy", accuracy(right)), "F1, FER2013 test, 7 labels")
    recalls = {label: round(figure.value, 4) for label, figure in zip(FACE, figures[4:], strict=True)}
    return scores, {"recall": recalls}


def _score(figure: Figure, protocol: str) -> Score:
    return Score(round(figure.value, 4), round(figure.low, 4), round(figure.high, 4), figure.n, protocol)


def _write(card: Card, target: Path) -> None:
    plain = card.to_dict()
    plain.pop("place")
    (target / "card.json").write_text(json.dumps(plain, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
