"""Write the card of an exported network."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from heedful.models.manifest import Card, Head, Score
from training.recipe import Recipe

if TYPE_CHECKING:
    from training.crisis import CrisisRecipe


def write_card(
    recipe: Recipe | CrisisRecipe,
    heads: dict[str, Head],
    network: Path,
    tokenizer: Path,
    sources: tuple[str, ...],
    scores: dict[str, Score],
    groups: dict[str, dict[str, float]],
    folder: Path,
) -> Card:
    """Copy the network and tokenizer into `folder` and write `card.json` beside them."""
    data_class: Literal["open", "research"] = "open" if recipe.data_class == "open" else "research"
    folder.mkdir(parents=True, exist_ok=True)
    for source, name in ((network, "network.onnx"), (tokenizer, "tokenizer.json")):
        if source != folder / name:
            shutil.copyfile(source, folder / name)
    card = Card(
        name=recipe.name,
        version=datetime.now(UTC).date().isoformat(),
        description=recipe.description,
        data_class=data_class,
        base=f"{recipe.base.name} ({recipe.base.license}), sha256 {recipe.base.sha256}",
        data=sources,
        file="network.onnx",
        sha256=_digest(folder / "network.onnx"),
        bytes=(folder / "network.onnx").stat().st_size,
        tokenizer_sha256=_digest(folder / "tokenizer.json"),
        max_tokens=recipe.max_tokens,
        heads=heads,
        scores=scores,
        groups=groups,
        limits=recipe.limits,
    )
    save_card(card, folder)
    return card


def save_card(card: Card, folder: Path) -> None:
    """Write `card.json`, figures rounded to six places."""
    plain = json.loads(json.dumps(card.to_dict()), parse_float=lambda figure: round(float(figure), 6))
    (folder / "card.json").write_text(json.dumps(plain, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def with_scores(card: Card, scores: dict[str, Score], groups: dict[str, dict[str, float]]) -> Card:
    """Return the card with further figures beside those it has."""
    return replace(card, scores={**card.scores, **scores}, groups={**card.groups, **groups})


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
