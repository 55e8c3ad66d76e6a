"""Read a training recipe: one TOML file says everything a run depends on."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
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
    batch_tokens: int = 4096
    """A batch of long texts has fewer rows: at most so many tokens in all."""
    consistency: float = 0.0
    """Weight of the divergence between two readings of a batch under different dropout (R-Drop; Liang et al., 2021)."""
    label_smoothing: float = 0.0
    """Share of the probability that a single-label target spreads over all labels."""


@dataclass(frozen=True, slots=True)
class Task:
    """One dataset and the heads that it teaches."""

    dataset: str
    heads: dict[str, float]
    """Weight of each head's loss; heads of the dataset that are not named are not taught."""
    rows: int | None = None
    """Examples per epoch, drawn anew for each; None = all."""
    max_tokens: int | None = None
    """Training inputs are cut to so many tokens; None = to as many as the network takes."""
    times: int = 1
    """How often each example is seen per epoch: small datasets need more."""


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
    limits: tuple[str, ...]
    """What the network cannot do, for its card."""
    decide: dict[str, str] = field(default_factory=dict)
    """Head -> what the choice of one label is tuned for on dev, where that is not accuracy (`training.calibrate`)."""

    @property
    def pairs(self) -> bool:
        """Whether the network reads two texts that belong together."""
        return self.data_class == "research"

    @property
    def max_tokens(self) -> int:
        """Tokens that the network takes at most."""
        return self.fit.max_tokens


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
        limits=tuple(raw["limits"]),
        decide=raw.get("decide", {}),
    )
