"""Tune on dev what turns the face network's logits into shares, a choice and a confidence; fit what tells a face."""

from __future__ import annotations

import cv2
import numpy as np
import torch
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn.linear_model import LogisticRegression
from torch import nn

from heedful.labels import FACE
from heedful.models.manifest import Head
from training.face.data import Faces
from training.face.mine import mined
from training.face.network import ORIGINAL, VOTES, FaceNetwork, brought_to
from training.face.recipe import Recipe
from training.face.scenes import background, paste, scrambled, textures

Floats = NDArray[np.float64]
PASSING = 0.985
"""Share of the faces of dev that have to pass as faces."""


@torch.no_grad()
def features_of(network: FaceNetwork, pictures: NDArray[np.uint8], size: int, mirrored: bool = False) -> Floats:
    """Return n x channels features of n x 48 x 48 pictures, or of their mirror images, looked at in this size."""
    network.eval()
    found = []
    for start in range(0, len(pictures), 256):
        batch = torch.from_numpy(np.ascontiguousarray(pictures[start : start + 256]))[:, None].float()
        batch = brought_to(batch, size)
        found.append(network.features(batch.flip(3) if mirrored else batch).numpy())
    return np.concatenate(found).astype(np.float64)


def logits_of(layer: nn.Linear, features: Floats) -> Floats:
    """Return what a linear layer makes of features."""
    weight, bias = layer.weight.detach().numpy(), layer.bias.detach().numpy()
    return np.asarray(features @ weight.T.astype(np.float64) + bias)


def tune_votes(logits: Floats, dev: Faces) -> Head:
    """Return the head of the votes: temperature, what each share is divided by, and the confidence curve.

    Rare expressions are missed by the plainest choice, for their share is seldom the largest. Each share is divided by
    its share of all votes to a power, one power for all, where accuracy and macro-recall together are best on dev.
    """
    gold = dev.plurality
    temperature = float(
        minimize_scalar(
            lambda t: -float(np.mean((dev.votes * log_softmax(logits / t, axis=1)).sum(1))),
            bounds=(0.3, 3.0),
            method="bounded",
        ).x
    )
    shares = softmax(logits / temperature, axis=1)[:, : len(FACE)]
    shares /= shares.sum(1, keepdims=True)
    usual = dev.votes[:, : len(FACE)].mean(0)
    kept = gold >= 0

    def worth(power: float) -> float:
        said = (shares / usual**power).argmax(1)
        recalls = [float((said[gold == label] == label).mean()) for label in range(len(FACE)) if (gold == label).any()]
        return float((said == gold)[kept].mean()) + 0.25 * float(np.mean(recalls))

    power = max(np.linspace(0.0, 0.6, 25).tolist(), key=worth)
    least = usual**power / (usual**power).max()
    scaled = shares / least
    scaled /= scaled.sum(1, keepdims=True)
    said, sure = scaled.argmax(1), np.clip(scaled.max(1), 1e-6, 1 - 1e-6)
    slope, offset = platt(np.log(sure / (1 - sure))[kept], (said == gold)[kept])
    return Head(
        "single",
        VOTES,
        temperature=round(temperature, 4),
        thresholds=(*(round(float(each), 5) for each in least), 1.0, 1.0),
        confidence=(round(slope, 5), round(offset, 5)),
    )


def platt(odds: Floats, right: NDArray[np.bool_]) -> tuple[float, float]:
    """Return slope and offset from log-odds to the chance of being right (Platt, 1999)."""

    def loss(parameters: Floats) -> float:
        scaled = parameters[0] * odds + parameters[1]
        return float(np.mean(np.logaddexp(0.0, scaled) - right * scaled))

    slope, offset = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x.tolist()
    return slope, offset


def tune_original(logits: Floats, dev: Faces) -> Head:
    """Return the head of the original label, its temperature tuned on dev."""
    known = dev.original >= 0

    def loss(temperature: float) -> float:
        said = log_softmax(logits[known] / temperature, axis=1)
        return -float(np.mean(said[np.arange(len(said)), dev.original[known]]))

    temperature = float(minimize_scalar(loss, bounds=(0.3, 3.0), method="bounded").x)
    return Head("single", ORIGINAL, temperature=round(temperature, 4))


def jittered(faces: NDArray[np.uint8], random: Generator) -> NDArray[np.uint8]:
    """Return faces as a finder would cut them out: a little beside, too large or too small."""
    found = []
    for face in faces:
        move = cv2.getRotationMatrix2D((23.5, 23.5), float(random.normal(0, 6)), float(np.exp(random.normal(0, 0.08))))
        move[:, 2] += random.normal(0, 2.0, 2)
        found.append(cv2.warpAffine(face, move, (48, 48), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))
    return np.stack(found)


def no_faces(faces: NDArray[np.uint8], count: int, random: Generator) -> NDArray[np.uint8]:
    """Return pictures that are no faces: clutter, pieces of photographs, scrambled faces, parts, faces far aside."""
    photographs = textures()
    found = []
    for _ in range(count):
        ground = background(48, photographs, random)
        face = faces[int(random.integers(len(faces)))]
        kind = random.random()
        if kind < 0.25:
            ground = cv2.GaussianBlur(
                scrambled(face, random).astype(np.float32), (0, 0), float(random.uniform(0.3, 1.2))
            )
        elif kind < 0.45:  # a part of a face fills the picture
            side = int(random.integers(10, 24))
            top, left = (int(v) for v in random.integers(0, 48 - side, 2))
            cut = face[top : top + side, left : left + side].astype(np.float32)
            ground = cv2.resize(cut, (48, 48), interpolation=cv2.INTER_CUBIC)
        elif kind < 0.65:  # a face mostly outside
            angle, far = random.uniform(0, 2 * np.pi), random.uniform(26, 40)
            middle = (24 + far * float(np.cos(angle)), 24 + far * float(np.sin(angle)))
            paste(ground, face, middle, float(random.uniform(36, 70)), random)
        elif kind < 0.8:  # a face far too small
            paste(ground, face, tuple(random.uniform(10, 38, 2)), float(random.uniform(9, 17)), random)
        found.append(np.clip(ground, 0, 255).astype(np.uint8))
    return np.stack(found)


def fit_face(
    network: FaceNetwork, train: Faces, dev: Faces, recipe: Recipe, finder: str, count: int = 2500
) -> tuple[nn.Linear, Head, float]:
    """Fit the head that tells a face from what is none, on the network's features.

    Args:
        network: the fitted network.
        train: what the head learns from.
        dev: what its threshold is tuned on.
        recipe: what the network was trained by.
        finder: name or folder of the network whose finds it looks at.
        count: examples of each kind, and scenes that the finder searches.

    Returns:
        The layer, its head with the threshold that PASSING of dev's faces reach, and the share of dev's non-faces that
        pass it nevertheless.
    """
    random = np.random.default_rng(recipe.seed)

    def examples(faces: Faces, some: int) -> tuple[Floats, Floats]:
        real = faces.pictures[(faces.votes[:, 9] == 0) & (faces.votes[:, 8] < 0.5)]
        rows = random.choice(len(real), min(some, len(real)), replace=False)
        found, wrong = mined(finder, real, some, random)
        yes = np.concatenate([jittered(real[rows], random), found])
        none = np.concatenate([no_faces(real, some, random), faces.pictures[faces.votes[:, 9] >= 0.5], wrong])
        return features_of(network, yes, recipe.size), features_of(network, none, recipe.size)

    yes, no = examples(train, count)
    answer = np.concatenate([np.ones(len(yes)), np.zeros(len(no))])
    table = np.concatenate([yes, no])
    scale = table.std(0) + 1e-6
    fitted = LogisticRegression(C=0.1, max_iter=400).fit(table / scale, answer)
    layer = nn.Linear(table.shape[1], 1)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy((fitted.coef_ / scale).astype(np.float32)))
        layer.bias.copy_(torch.from_numpy(fitted.intercept_.astype(np.float32)))
    yes, no = (1 / (1 + np.exp(-logits_of(layer, each)[:, 0])) for each in examples(dev, count // 4))
    threshold = float(np.quantile(yes, 1 - PASSING))
    head = Head("multilabel", ("face",), thresholds=(round(threshold, 5),))
    return layer, head, float((no >= threshold).mean())
