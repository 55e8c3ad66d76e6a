"""Read a training recipe: one TOML file says everything a run depends on."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Base:
    """The encoder that a run starts from."""

    name: str
    license: str
    wheel: str
    """The PyPI requirement whose wheel carries the weights."""
    sha256: str
    """Of `model.safetensors`; anything else is refused."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How a run learns."""

    epochs: int
    batch_size: int
    max_tokens: int
    learning_rate: float
    layer_decay: float
    warmup: float
    weight_decay: float
    head_dropout: float
    ema_decay: float
    checkpoint_steps: int
    word_embeddings_frozen: bool = True
    """Half of all weights: leaving them as they are saves a third of the time."""


@dataclass(frozen=True, slots=True)
class Task:
    """One head and the data that teaches it."""

    head: str
    dataset: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that a training run depends on, besides the data."""

    name: str
    description: str
    data_class: str
    seed: int
    base: Base
    fit: Fit
    tasks: tuple[Task, ...]


def read_recipe(path: Path) -> Recipe:
    """Read a recipe file; an unknown or missing key raises TypeError naming it."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    return Recipe(
        name=raw["name"],
        description=raw["description"],
        data_class=raw["data_class"],
        seed=raw["seed"],
        base=Base(**raw["base"]),
        fit=Fit(**raw["fit"]),
        tasks=tuple(Task(**task) for task in raw["tasks"]),
    )
