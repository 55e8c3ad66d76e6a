"""The training of the face network and the finder: what they are taught, and that it is the same again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from heedful.perceive.find import Found
from training.face import mine
from training.face.augment import augmented, mixed
from training.face.data import Faces
from training.face.finder import WINDOW, FinderNetwork, loss_of, targets_of
from training.face.fit import Targets, epoch_of, size_at
from training.face.network import ORIGINAL, VOTES, FaceNetwork
from training.face.recipe import read_recipe
from training.face.scenes import Scene, part, scrambled

RECIPE = read_recipe(Path(__file__).parents[2] / "training" / "recipes" / "face.toml")


@pytest.fixture
def faces() -> Faces:
    random = np.random.default_rng(0)
    votes = np.zeros((40, len(VOTES)), dtype=np.float32)
    votes[np.arange(40), np.arange(40) % 10] = 0.6
    votes[np.arange(40), (np.arange(40) + 1) % 10] = 0.4
    return Faces(random.integers(0, 256, (40, 48, 48)).astype(np.uint8), votes, np.arange(40) % 8 - 1)


def test_pictures_are_changed_the_same_way_from_the_same_seed_and_keep_their_range(faces: Faces) -> None:
    pictures = torch.from_numpy(faces.pictures)[:, None].float()
    one, same = (augmented(pictures.clone(), 40, RECIPE.augment, torch.Generator().manual_seed(3)) for _ in range(2))
    assert one.shape == (40, 1, 40, 40)
    assert torch.equal(one, same)
    assert one.min() >= 0
    assert one.max() <= 255


def test_targets_of_mixed_pictures_still_sum_to_one(faces: Faces) -> None:
    always = RECIPE.augment.__class__(
        **{**dict.fromkeys(RECIPE.augment.__slots__, 0.0), "mixup": 1.0, "mixup_alpha": 0.4}
    )
    targets = Targets.of(faces, 0.1)
    _, (votes, original) = mixed(
        torch.rand(40, 1, 8, 8), (targets.votes, targets.original), always, torch.Generator().manual_seed(0)
    )
    assert torch.allclose(votes.sum(1), torch.ones(40))
    assert original.shape == (40, len(ORIGINAL))


def test_a_label_that_is_not_known_is_not_taught(faces: Faces) -> None:
    targets = Targets.of(faces, 0.1)
    assert targets.original[0].sum() == 0
    assert targets.original[1].sum() == pytest.approx(1.0)


def test_a_plurality_is_one_emotion(faces: Faces) -> None:
    assert faces.plurality[:8].tolist() == list(range(8))
    assert faces.plurality[8:10].tolist() == [-1, -1]


def test_rare_expressions_are_seen_more_often(faces: Faces) -> None:
    fit = RECIPE.fit.__class__(**{name: getattr(RECIPE.fit, name) for name in RECIPE.fit.__slots__} | {"batch_size": 4})
    rows = np.concatenate(epoch_of(faces, fit, 0))
    assert (faces.plurality[rows] == VOTES.index("disgust")).sum() >= 2 * (faces.plurality == 5).sum()


def test_the_size_of_the_pictures_grows_as_the_recipe_says() -> None:
    sizes = [size_at(RECIPE, share) for share in (0.0, 0.5, 0.99, 1.0)]
    assert sizes == sorted(sizes)
    assert sizes[-1] == RECIPE.size


def test_the_network_is_small_and_blind_to_light_and_contrast() -> None:
    network = FaceNetwork(RECIPE.shape).eval()
    assert sum(weight.numel() for weight in network.parameters()) < 3_000_000
    pictures = torch.rand(2, 1, 40, 40) * 100 + 50
    with torch.no_grad():
        votes, original = network(pictures)
        brighter, _ = network(pictures + 60)
    assert votes.shape == (2, len(VOTES))
    assert original.shape == (2, len(ORIGINAL))
    assert torch.allclose(votes, brighter, atol=1e-4)


def test_the_finder_is_taught_where_a_face_is_and_how_large() -> None:
    label, box = targets_of([Scene(np.zeros((96, 96), np.float32), ((40.0, 56.0, WINDOW * 1.1),))], 96)
    rows, columns = np.nonzero(label[0].numpy() == 1)
    assert abs(columns.mean() * 4 + 1.5 - 40) < 2
    assert abs(rows.mean() * 4 + 1.5 - 56) < 2
    assert box[0, 2][label[0] == 1].numpy() == pytest.approx(np.log(1.1), abs=1e-5)
    said = FinderNetwork()(torch.rand(1, 1, 96, 96) * 255)
    assert said.shape == (1, 4, 24, 24)
    assert torch.isfinite(loss_of(said, label, box))


def test_what_looks_alike_is_made_of_a_face_and_is_none(faces: Faces) -> None:
    random = np.random.default_rng(1)
    whole = faces.pictures[0]
    assert sorted(scrambled(whole, random).ravel().tolist())[:50] == sorted(whole.ravel().tolist())[:50]
    assert part(whole, random).shape[0] <= 24


def test_what_the_finder_cuts_out_teaches_by_whether_the_face_lies_there(
    faces: Faces, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Found] = []

    class Searching:
        """Finds the face that was pasted, a place half beside it, and one far away."""

        def __init__(self, name: str, least: float) -> None:
            assert (name, least) == ("finder", mine.LEAST)

        def find(self, scene: np.ndarray, smallest: float) -> list[Found]:
            face = shown[-1]
            assert scene.shape == (mine.SIDE, mine.SIDE)
            assert face.side >= smallest
            beside = Found(face.left + face.side * 0.5, face.top, face.side, 0.4)
            return [face, beside, Found((face.left + mine.SIDE) / 2 % mine.SIDE - 900, -900.0, 40.0, 0.4)]

    def watched(pictures: np.ndarray, photographs: list[np.ndarray], random: np.random.Generator) -> object:
        scene, face = searched(pictures, photographs, random)
        shown.append(face)
        return scene, face

    searched = mine.searched
    monkeypatch.setattr(mine, "Scanner", Searching)
    monkeypatch.setattr(mine, "searched", watched)
    yes, no = mine.mined("finder", faces.pictures, 3, np.random.default_rng(0))
    assert yes.shape == no.shape == (3, 48, 48)
