"""Train a head on labels of one's own: the encoder stays as it is, one linear layer is fitted, and a folder written.

The folder is a network like any other: the old heads, the new one, and a card that says how well it measures.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from heedful.config import Config
from heedful.errors import InputError
from heedful.learn.linear import Linear, Vectors, fit
from heedful.measure.metric import Figure, accuracy, macro_f1, measured, micro_f1
from heedful.models import manifest, session
from heedful.models.graft import embed, load_graph, pooled_name, with_head
from heedful.models.manifest import Card, Score
from heedful.models.own import CARD, TOKENIZER
from heedful.models.tables import whole
from heedful.perceive.own import decide
from heedful.perceive.text import TextPerceiver

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LEAST: Final = 20
"""Texts that a label must have, at least: some are needed to learn from, some to tune on, some to measure on."""
Part = Literal["train", "dev", "test"]
SHARES: Final[dict[Part, float]] = {"test": 0.15, "dev": 0.15}
"""Shares of the texts that are measured on, and tuned on."""
NETWORK: Final = "network.onnx"
"""The name of the network's file."""
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts with labels of one's own."""

    texts: tuple[str, ...]
    """The texts."""
    labels: tuple[tuple[str, ...], ...]
    """Per text its labels: one, or any number if `several`."""
    source: str
    """Where they come from, for the card: a file's name."""
    several: bool = False
    """Whether a text may have several labels, or none."""


@dataclass(frozen=True, slots=True)
class Trained:
    """What came of it."""

    card: Card
    """Of the network that was written."""
    folder: Path
    """Where it was written."""
    texts: tuple[int, int, int]
    """Texts learnt from, tuned on, and measured on."""
    unread: int
    """Texts that were left out because there is nothing in them to read."""
    scores: tuple[Figure, ...]
    """What the head measures on its own test texts, and what always naming the commonest label would."""


def train_head(
    config: Config,
    given: Labelled,
    name: str,
    out: Path,
    *,
    data_class: Literal["open", "research"] = "research",
    overwrite: bool = False,
) -> Trained:
    """Train a head on top of the configured reader, and write the network with all its heads.

    Args:
        config: the settings; `reader` is the network that gets the head.
        given: the texts and their labels.
        name: of the head: small letters, digits and "_".
        out: the folder to write.
        data_class: "open" if the labels may be used for any purpose.
        overwrite: replace a network that is there.

    Raises:
        InputError: there is too little to learn from, or the name or folder cannot be used.
        NetworkError: the reader cannot be loaded, or no head can be added to it.
    """
    perceiver = TextPerceiver(config)
    card = perceiver.encoder.card
    _check(card, name, out, overwrite=overwrite)
    readable = [row for row, text in enumerate(given.texts) if any(map(str.isalpha, perceiver.plain(text) or ""))]
    labels = _labels([given.labels[row] for row in readable], several=given.several)
    parts = split([given.texts[row] for row in readable], [given.labels[row] for row in readable])
    graph = load_graph(whole(card))
    pooled = pooled_name(graph, {each for each, head in card.heads.items() if head.kind != "tokens" and not head.own})
    seen = _vectors(perceiver, given, readable, labels, graph, pooled)
    train, dev, test = (
        seen.take([row for row, each in enumerate(parts) if each == part]) for part in ("train", "dev", "test")
    )
    _check_parts(train, dev, test, labels)
    fitted = fit(train, dev, labels, several=given.several)
    sizes = (len(train.lengths), len(dev.lengths), len(test.lengths))
    figures, per_label = _score(fitted, test, train)
    grown = _card(card, name, given, fitted, out, sizes, figures, per_label, data_class)
    content = with_head(graph, name, pooled, fitted.weights, fitted.bias)
    written = _write(grown, content, card.folder / TOKENIZER, out)
    return Trained(written, out, sizes, len(given.texts) - len(readable), figures)


def split(texts: Sequence[str], labels: Sequence[tuple[str, ...]]) -> list[Part]:
    """Return the part that each text belongs to: of every label about 15 % are tuned on, and 15 % measured on.

    The order of the file does not matter, only a hash of the letters and digits of each text; a text that comes twice
    is in one part.
    """
    keys = [_NOT_WORD.sub(" ", text.lower()).strip() for text in texts]
    said: dict[str, set[str]] = {}
    for key, names in zip(keys, labels, strict=True):
        said.setdefault(key, set()).update(names or ("",))
    order = sorted(said, key=lambda key: hashlib.sha256(key.encode("utf-8", "surrogatepass")).digest())
    counts = Counter(label for names in said.values() for label in names)
    parts: dict[str, Part] = {}
    for label in sorted(counts, key=lambda each: (counts[each], each)):  # the rarest first: they have no choice
        mine = [key for key in order if label in said[key]]
        free = [key for key in mine if key not in parts]
        for part, share in SHARES.items():
            wanted = max(1, round(share * len(mine))) - sum(parts.get(key) == part for key in mine)
            parts |= dict.fromkeys(free[: max(0, wanted)], part)
            free = free[max(0, wanted) :]
        parts |= dict.fromkeys(free, "train")
    return [parts[key] for key in keys]


def _check(card: Card, name: str, out: Path, *, overwrite: bool) -> None:
    if not _NAME.fullmatch(name):
        raise InputError(f'{name!r} cannot be the name of a head; expected small letters, digits and "_": "topic".')
    if name in card.heads and not card.heads[name].own:
        raise InputError(f"the network {card.name} has a head {name!r} already; give yours another name.")
    if not out.exists():
        return
    if not out.is_dir() or {each.name for each in out.iterdir()} - {CARD, TOKENIZER, NETWORK}:
        raise InputError(f"{out} exists and is no network's folder; name another folder.")
    if any(out.iterdir()) and not overwrite:
        raise InputError(f"{out} holds a network already; replace it with --overwrite, or name another folder.")


def _labels(given: Sequence[tuple[str, ...]], *, several: bool) -> tuple[str, ...]:
    counts = Counter(label for labels in given for label in set(labels))
    if len(counts) < (1 if several else 2):
        raise InputError(f"there are {len(counts)} different labels in {len(given)} texts; expected at least two.")
    if rare := sorted(label for label, count in counts.items() if count < LEAST):
        told = ", ".join(f"{label} ({counts[label]})" for label in rare[:10])
        raise InputError(
            f"each label needs at least {LEAST} texts that can be read. Too rare: {told}"
            f"{' ...' if len(rare) > 10 else ''}. Add texts, or give them a label with others."
        )
    return tuple(sorted(counts))


def _vectors(
    perceiver: TextPerceiver, given: Labelled, rows: Sequence[int], labels: tuple[str, ...], graph: Any, pooled: str
) -> Vectors:
    import numpy as np

    texts = [given.texts[row] for row in rows]
    windows = perceiver.windows(texts, [perceiver.plain(text) or "" for text in texts])
    tokens = [window.tokens for each in windows for window in each]
    gold = np.array([[float(label in given.labels[row]) for label in labels] for row in rows])
    lengths = tuple(tuple(len(window.tokens) for window in each) for each in windows)
    return Vectors(embed(graph, pooled, tokens), lengths, gold)


def _check_parts(train: Vectors, dev: Vectors, test: Vectors, labels: tuple[str, ...]) -> None:
    for part, seen in (("learn from", train), ("tune on", dev), ("measure on", test)):
        lacking = [label for label, count in zip(labels, seen.gold.sum(axis=0), strict=True) if not count]
        if lacking:
            raise InputError(
                f"there is no text to {part} with the label {', '.join(lacking)}: there are too few that differ. "
                "Add texts with that label."
            )


def _score(fitted: Linear, test: Vectors, train: Vectors) -> tuple[tuple[Figure, ...], dict[str, float]]:
    """Return the figures on test, those of the commonest label beside them, and F1 for each label."""
    import numpy as np

    labels, several = fitted.head.labels, fitted.head.kind == "multilabel"
    gold = test.gold > 0.5
    shares = [dict(zip(labels, map(float, row), strict=True)) for row in fitted.probabilities(test)]
    chosen = [decide(each, fitted.head) for each in shares]
    said = np.array([[label in names for label in labels] for names in chosen])
    common = np.zeros_like(gold)
    common[:, int(train.gold.sum(axis=0).argmax())] = True
    figures = []
    for who, answers in (("", said), (", always the commonest label", common)):
        figures.append(measured(f"macro-F1, {len(labels)} labels{who}", macro_f1(gold, answers)))
        exact = micro_f1(gold, answers) if several else accuracy(_same(gold, answers))
        figures.append(measured(f"{'micro-F1' if several else 'accuracy'}{who}", exact))
    per_label = {label: macro_f1(gold[:, [at]], said[:, [at]]).value for at, label in enumerate(labels)}
    return tuple(figures), per_label


def _same(gold: NDArray[np.bool_], said: NDArray[np.bool_]) -> NDArray[np.bool_]:
    import numpy as np

    return np.asarray((gold == said).all(axis=1))


def _card(
    card: Card,
    name: str,
    given: Labelled,
    fitted: Linear,
    out: Path,
    sizes: tuple[int, int, int],
    figures: Sequence[Figure],
    per_label: dict[str, float],
    data_class: Literal["open", "research"],
) -> Card:
    """Return the old card with the new head, its data and its scores."""
    told = f"{given.source} ({sum(sizes):,} texts of one's own for the head {name!r}), {data_class}"
    lead = f"{name} ({given.source} test) "
    mine = {figure.name: Score(figure.value, figure.low, figure.high, figure.n, "docs/own.md") for figure in figures}
    others = {key: score for key, score in card.scores.items() if not key.startswith(f"{name} (")}
    groups = {key: figures_ for key, figures_ in card.groups.items() if not key.startswith(f"{name} (")}
    limit = (
        f"The head {name!r} rests on {sizes[0]:,} texts of {given.source}, and was measured on {sizes[2]:,} of them."
    )
    lead_limit = f"The head {name!r} rests"
    return replace(
        card,
        name=out.name,
        version=datetime.now(UTC).date().isoformat(),
        description=f"{card.description.split(' Also ')[0]} Also {', '.join(_own_names(card, name))}.",
        data_class="open" if card.data_class == data_class == "open" else "research",
        base=card.base if any(head.own for head in card.heads.values()) else f"{card.version_id}, from {card.base}",
        data=(*(each for each in card.data if f"for the head {name!r})" not in each), told),
        file=NETWORK,
        heads={**card.heads, name: fitted.head},
        scores={**others, **{lead + key: score for key, score in mine.items()}},
        groups={**groups, f"{lead}F1 per label": per_label},
        limits=(*(each for each in card.limits if not each.startswith(lead_limit)), limit),
        tables={},
        place="",
    )


def _own_names(card: Card, name: str) -> list[str]:
    return sorted({name, *(each for each, head in card.heads.items() if head.own)})


def _write(card: Card, network: bytes, tokenizer: Path, out: Path) -> Card:
    """Write the folder, the card last: a folder without a card is no network; return the card as it was written."""
    out.mkdir(parents=True, exist_ok=True)
    if tokenizer.resolve() != (out / TOKENIZER).resolve():
        shutil.copyfile(tokenizer, out / TOKENIZER)
    (out / CARD).unlink(missing_ok=True)
    (out / NETWORK).write_bytes(network)
    done = replace(card, sha256=hashlib.sha256(network).hexdigest(), bytes=len(network))
    plain = {key: value for key, value in done.to_dict().items() if key != "place"}
    rounded = json.loads(json.dumps(plain), parse_float=lambda figure: round(float(figure), 6))
    (out / CARD).write_text(json.dumps(rounded, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    manifest.card.cache_clear()  # a network of this path may have been read before; it is another one now
    session.open_session.cache_clear()
    return done
