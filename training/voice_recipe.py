"""Read the recipe of the voice network: one TOML file says everything its runs depend on."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import torch

from heedful.labels import BURST, VOICE
from training.voice_data import Clip
from training.voice_fit import VoiceFit
from training.voice_network import VoiceNetwork

RECIPE: Final = Path(__file__).with_name("recipes") / "voice.toml"
HEADS: Final = {"emotion": len(VOICE), "affect": 2, "burst": len(BURST), "intensity": 1}
"""Head -> how many values it gives; the last one helps training and is not exported."""
STAGES: Final = ("near", "far", "folds", "cross", "emodb", "shipped")


@dataclass(frozen=True, slots=True)
class VoiceRecipe:
    """Everything that the runs of the voice network depend on, besides the data."""

    name: str
    description: str
    data_class: str
    seed: int
    limits: tuple[str, ...]
    channels: tuple[int, int, int, int, int]
    dropout: float
    held_out: Mapping[str, tuple[str, ...]]
    """Table -> speakers that the shipped network never hears."""
    fits: Mapping[str, VoiceFit]
    """Stage -> how it learns."""

    def network(self) -> VoiceNetwork:
        """Return a network that knows nothing, the same at every call."""
        torch.manual_seed(self.seed)
        return VoiceNetwork(HEADS, self.channels, self.dropout)

    def heard(self, clips: Sequence[Clip]) -> list[Clip]:
        """Return the clips of speakers that the shipped network may hear."""
        return [clip for clip in clips if clip.speaker not in self.held_out.get(clip.corpus, ())]

    def unheard(self, clips: Sequence[Clip]) -> list[Clip]:
        """Return the clips of speakers that it never hears."""
        return [clip for clip in clips if clip.speaker in self.held_out.get(clip.corpus, ())]


def read_voice_recipe(path: Path = RECIPE) -> VoiceRecipe:
    """Read a recipe file; an unknown or missing key raises TypeError or KeyError naming it."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    first, second, third, fourth, last = raw["network"]["channels"]
    return VoiceRecipe(
        name=raw["name"],
        description=raw["description"],
        data_class=raw["data_class"],
        seed=raw["seed"],
        limits=tuple(raw["limits"]),
        channels=(first, second, third, fourth, last),
        dropout=raw["network"]["dropout"],
        held_out={table: tuple(speakers) for table, speakers in raw["held_out"].items()},
        fits={stage: VoiceFit(**raw[stage]) for stage in STAGES},
    )
