"""Read the recipe of a face network: one TOML file says everything a run depends on."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Shape:
    """How the network is built: a residual network with squeeze and excitation."""

    stem: int
    """Channels of the first convolution, which keeps the size of the picture."""
    widths: tuple[int, ...]
    """Channels of each stage; each halves the picture."""
    blocks: tuple[int, ...]
    """Residual blocks of each stage."""
    dropout: float
    """Share of the pooled features that is left out while it learns."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """A stretch of the run at one size of picture: small pictures first, because they are quick."""

    until: float
    """Share of the steps, in (0, 1], at which the stretch ends."""
    size: int
    """Height and width in pixels."""


@dataclass(frozen=True, slots=True)
class Fit:
    """How a run learns."""

    epochs: int
    batch_size: int
    learning_rate: float
    """At its peak; SGD with Nesterov momentum, a linear rise and a cosine fall."""
    warmup: float
    """Share of the steps of the rise."""
    momentum: float
    weight_decay: float
    """Of weights; neither biases nor what belongs to a normalisation decays."""
    ema_decay: float
    """The running mean of the weights is what is exported."""
    original_weight: float
    """Weight of the loss on the original FER2013 label, beside 1 for the votes."""
    original_smoothing: float
    checkpoint_steps: int
    rare_times: dict[str, int]
    """How often the pictures of a rare plurality are seen per epoch."""


@dataclass(frozen=True, slots=True)
class Augment:
    """How pictures are changed while the network learns. Shares are of the pictures of a batch."""

    rotate: float
    """Standard deviation in degrees."""
    scale: float
    """Greatest change of size, as a share, either way."""
    shift: float
    """Greatest shift, as a share of the side, either way."""
    shear: float
    lighting: float
    """Strength of gamma, contrast and light from one side."""
    blur: float
    downscale: float
    """Share that is made smaller and larger again, as faces far from the camera are."""
    noise: float
    jpeg: float
    cutout: float
    mixup: float
    mixup_alpha: float


@dataclass(frozen=True, slots=True)
class Teacher:
    """A finished network of our own whose answers are mixed into the targets."""

    checkpoint: str
    """Name of the run, in the folder of runs."""
    share: float
    """Share of the target that is the teacher's answer to the plain picture and its mirror image."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that a training run depends on, besides the data."""

    name: str
    description: str
    data_class: str
    seed: int
    size: int
    """Height and width in pixels at which the exported network looks; it brings 48 x 48 pictures to it itself."""
    shape: Shape
    fit: Fit
    sizes: tuple[Sizes, ...]
    augment: Augment
    limits: tuple[str, ...]
    """What the network cannot do, for its card."""
    teacher: Teacher | None = None
    start: str | None = None
    """Name of the finished run, in the folder of runs, whose weights it goes on from; None = from nothing."""


def read_recipe(path: Path) -> Recipe:
    """Read a recipe file; an unknown or missing key raises TypeError naming it."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    shape = raw["shape"]
    return Recipe(
        name=raw["name"],
        description=raw["description"],
        data_class=raw["data_class"],
        seed=raw["seed"],
        size=raw["size"],
        shape=Shape(shape["stem"], tuple(shape["widths"]), tuple(shape["blocks"]), shape["dropout"]),
        fit=Fit(**raw["fit"]),
        sizes=tuple(Sizes(**stretch) for stretch in raw["sizes"]),
        augment=Augment(**raw["augment"]),
        limits=tuple(raw["limits"]),
        teacher=Teacher(**raw["teacher"]) if "teacher" in raw else None,
        start=raw.get("start"),
    )
