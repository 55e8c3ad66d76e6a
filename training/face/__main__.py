"""Train, export, tune and measure the face network and the finder: `python -m training.face RECIPE`."""

from __future__ import annotations

import argparse
import logging
from contextlib import closing
from pathlib import Path

import torch
from torch import Tensor

from heedful.models.manifest import WEIGHTS
from training.__main__ import logging_to
from training.face.data import Faces, read_faces
from training.face.finder import FinderNetwork, fit_finder
from training.face.finish import finish, finish_finder
from training.face.fit import Targets, answers, fit_network
from training.face.network import FaceNetwork
from training.face.recipe import Recipe, read_recipe

log = logging.getLogger("training")


def main() -> None:
    """Run a recipe from start to card; a run that was stopped goes on where it was."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recipe", type=Path)
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="where checkpoints and logs go")
    parser.add_argument("--rows", type=int, help="use only so many pictures of each split, to try the recipe")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="where the exported networks go")
    parser.add_argument("--finder-seconds", type=float, default=0.0, help="also train the finder, for so long")
    options = parser.parse_args()
    recipe = read_recipe(options.recipe)
    folder = options.runs / recipe.name
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(options.threads)
    with closing(logging.FileHandler(folder / "log.txt")) as file, logging_to(logging.StreamHandler(), file):
        train, dev = read_faces("train", options.rows), read_faces("dev", options.rows)
        log.info("%d pictures of train, %d of dev", len(train), len(dev))
        network = fit_network(begun(recipe, folder), train, targets(recipe, train, folder), dev, recipe, folder)
        if options.finder_seconds:  # first: what it finds wrongly teaches the network's head `face`
            found = finder(train, options.finder_seconds, recipe.seed)
            finish_finder(found, recipe.limits[-1:], options.weights / "finder")
        card = finish(recipe, network, train, dev, options.weights / recipe.name)
        log.info("%s", {name: score.value for name, score in card.scores.items()})


def begun(recipe: Recipe, folder: Path) -> FaceNetwork:
    """Return the network that a run starts with: one that knows nothing, or what the run that it names ended with."""
    torch.manual_seed(recipe.seed)
    network = FaceNetwork(recipe.shape)
    if recipe.start is not None:
        network.load_state_dict(kept(folder.parent / recipe.start))
    return network


def kept(folder: Path) -> dict[str, Tensor]:
    """Return the mean weights that a run keeps in its folder."""
    state: dict[str, dict[str, Tensor]] = torch.load(folder / "checkpoint.pt", weights_only=True)
    return state["mean"]


def targets(recipe: Recipe, train: Faces, folder: Path) -> Targets:
    """Return what the people said, with the share of a teacher's answers that the recipe asks for."""
    torch.manual_seed(recipe.seed)
    people = Targets.of(train, recipe.fit.original_smoothing)
    if recipe.teacher is None:
        return people
    teacher = FaceNetwork(recipe.shape)
    teacher.load_state_dict(kept(folder.parent / recipe.teacher.checkpoint))
    votes, original = answers(teacher, train.pictures)
    return people.blend(votes, original, recipe.teacher.share)


def finder(train: Faces, seconds: float, seed: int) -> FinderNetwork:
    """Train the finder on the pictures of train that everybody takes for a face."""
    clear = (train.votes[:, 9] == 0) & (train.votes[:, 8] < 0.5)
    return fit_finder(train.pictures[clear], seconds, seed)


if __name__ == "__main__":
    main()
