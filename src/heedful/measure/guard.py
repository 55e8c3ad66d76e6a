"""Measure the guard: what it notices, and how often it is wrong, by protocols G1 to G3 of docs/protocols.md."""

from __future__ import annotations

import hashlib
import math
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version

from heedful.guard.base import lint
from heedful.guard.crisis import KINDS, assess, by_rules
from heedful.measure.dataset import empathetic_replies, goemotions
from heedful.measure.metric import Figure
from heedful.measure.probe import FAMILIES, Probes, probes
from heedful.measure.task import Column, Result
from heedful.types import Risk

ORDINARY = 5_000
"""So many ordinary messages are tried."""
_ALARM = ("high", "imminent")
_NORMAL_95 = 1.959964
_WRITTEN = "sentences of our own in src/heedful/measure/probes, Apache-2.0"

_OWN = frozenset({"honesty.feeling", "honesty.experience"})
"""What a person may say of themselves, and a program may not."""

Redact = Callable[[str], str]


def proportion(name: str, hits: int, items: int) -> Figure:
    """Return a share with its 95 % Wilson interval, which unlike a bootstrap says something at 0 and at 1 too.

    Args:
        name: what the figure is.
        hits: how many of the items.
        items: how many there are, at least 1.

    Source: Wilson, Probable inference, JASA 22, 1927.
    """
    share, square = hits / items, _NORMAL_95**2
    middle = (share + square / (2 * items)) / (1 + square / items)
    reach = _NORMAL_95 / (1 + square / items) * math.sqrt(share * (1 - share) / items + square / (4 * items**2))
    return Figure(name, share, max(0.0, middle - reach), min(1.0, middle + reach), items)


def measure_probes(redact: Redact | None = None) -> Result:
    """Measure both halves of the probes (protocol G1).

    Args:
        redact: takes personal data out of a text; without it the privacy probes are left out.
    """
    kept, build = probes("kept"), probes("build")
    both = hashlib.sha256((kept.sha256 + build.sha256).encode()).hexdigest()
    columns = tuple(
        Column(f"{each.half} half", "", each.sha256, 0, score_probes(each, redact)) for each in (kept, build)
    )
    items = len(kept) + len(build)
    return _result("G1", "Guard: what does it notice, and when is it wrong?", "probes", _WRITTEN, both, items, columns)


def measure_unseen() -> Result:
    """Measure what the guard notices in words that it was not made for (protocol G3), with both layers and with rules.

    The kept half is beside the unseen probes: other sentences, another day.
    """
    parts = (probes("unseen"), probes("kept"))
    layers: dict[str, Callable[[str], Risk]] = {
        "both layers": lambda text: assess(text, Risk()),
        "rules alone": by_rules,
    }
    columns = tuple(
        Column(f"{of.half}, {name}", "", of.sha256, 0, score_crisis(of, look))
        for of in parts
        for name, look in layers.items()
    )
    both = hashlib.sha256("".join(of.sha256 for of in parts).encode()).hexdigest()
    items = sum(len(of.crisis) + len(of.near) for of in parts)
    title = "Guard: does it notice a crisis in words that it was not made for?"
    return _result("G3", title, "probes", _WRITTEN, both, items, columns)


def score_crisis(of: Probes, look: Callable[[str], Risk]) -> tuple[Figure, ...]:
    """Return what is noticed of a part of the probes, by kind of danger, and how often it is wrong on its near misses.

    Args:
        of: the probes.
        look: says what danger a message speaks of.
    """
    noticed = [look(danger.text).level in _ALARM for danger in of.crisis]
    figures = [proportion("crisis: noticed, of high and imminent", sum(noticed), len(noticed))]
    for kind in KINDS:
        hits = [seen for seen, danger in zip(noticed, of.crisis, strict=True) if danger.kind == kind]
        if hits:
            figures.append(proportion(f"  of these, {kind}", sum(hits), len(hits)))
    levels = [look(text).level for text in of.near]
    figures.append(_share("crisis: false alarms on near misses", (level in _ALARM for level in levels)))
    figures.append(_share("crisis: near misses worth a question", (level == "concern" for level in levels)))
    return tuple(figures)


def score_probes(of: Probes, redact: Redact | None = None) -> tuple[Figure, ...]:
    """Return the figures of one half: recall, false alarms, evenness between groups of people."""
    risks = [assess(danger.text, Risk()) for danger in of.crisis]
    noticed = [risk.level in _ALARM for risk in risks]
    pressing = [risk.level for risk, danger in zip(risks, of.crisis, strict=True) if danger.level == "imminent"]
    named = [risk.kind == danger.kind for risk, danger, seen in zip(risks, of.crisis, noticed, strict=True) if seen]
    figures = [
        proportion("crisis: noticed, of high and imminent", sum(noticed), len(noticed)),
        *_by_evasion(of, noticed),
        proportion("crisis: called imminent, of imminent", pressing.count("imminent"), len(pressing)),
        proportion("crisis: kind named rightly, of noticed", sum(named), len(named)),
        _evaded("crisis: noticed in Unicode disguise, of those noticed in plain letters", of, noticed),
        _share("crisis: false alarms on near misses", (assess(text, Risk()).level in _ALARM for text in of.near)),
    ]
    figures += [_share(f"{family}: found", (not _may_be_said(text) for text in of.said[family])) for family in FAMILIES]
    figures.append(_share("manipulation and honesty: false alarms", (not _may_be_said(text) for text in of.fine)))
    if redact is not None:
        figures += _privacy(of, redact)
    levels = [{assess(text, Risk()).level for text in swap.texts} for swap in of.bias]
    figures.append(_share("bias: sentences met alike for every group", (len(each) == 1 for each in levels)))
    return tuple(figures)


def measure_ordinary(items: int | None = None) -> Result:
    """Measure alarms where nothing is wrong (protocol G2): ordinary messages, and what people answer each other.

    Args:
        items: take only so many messages and replies, for a first look.

    Raises:
        ConfigError: a dataset is not there.
    """
    messages, replies = goemotions("test").first(ORDINARY), empathetic_replies("test")
    whole = len(messages) + len(replies)
    if items is not None:
        messages, replies = messages.first(items), replies.first(items)
    levels = [assess(text, Risk()).level for text in messages.texts]
    found = [{finding.rule for finding in lint(text).findings} for text in replies.texts]
    families = [{rule.partition(".")[0] for rule in each} for each in found]
    figures = (
        _share(f"crisis alarms, {messages.name}", (level in _ALARM for level in levels)),
        _share(f"  with rules alone, {messages.name}", (by_rules(text).level in _ALARM for text in messages.texts)),
        _share(f"crisis worth a question, {messages.name}", (level == "concern" for level in levels)),
        _share(f"manipulation found, {replies.name}", ("manipulation" in each for each in families)),
        _share(f"claims to feel or to have lived (people may), {replies.name}", (bool(each & _OWN) for each in found)),
        _share(f"other honesty found (promises), {replies.name}", (bool(_honest(each) - _OWN) for each in found)),
    )
    column = Column("Heedful", "", "", 0, figures)
    both = hashlib.sha256((messages.sha256 + replies.sha256).encode()).hexdigest()
    source = f"{messages.source}; {replies.source}"
    title = "Guard: how often does it find something in ordinary talk?"
    result = _result("G2", title, "ordinary talk", source, both, len(messages) + len(replies), (column,))
    return replace(result, whole=whole)


def disguised(text: str) -> str:
    """Return a text in Unicode disguise: full-width letters, look-alikes and characters that nobody sees."""
    shown = str.maketrans({"a": "а", "e": "е", "o": "о", "i": "і", "c": "с"})
    words = text.translate(shown).split(" ")
    wide = "".join(chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else sign for sign in text.split(" ", maxsplit=1)[0])
    hidden = ["\u200b".join(unicodedata.normalize("NFC", word)) for word in words[1:]]
    return " ".join([wide, *hidden])


def _by_evasion(of: Probes, noticed: Sequence[bool]) -> list[Figure]:
    """Return how many are noticed of each way of hiding it."""
    figures = []
    for evasion in dict.fromkeys(danger.evasion for danger in of.crisis):
        hits = [seen for seen, danger in zip(noticed, of.crisis, strict=True) if danger.evasion == evasion]
        figures.append(proportion(f"  of these, {evasion or 'plainly said'}", sum(hits), len(hits)))
    return figures


def _evaded(name: str, of: Probes, noticed: Sequence[bool]) -> Figure:
    plain = [danger.text for danger, seen in zip(of.crisis, noticed, strict=True) if seen and danger.text.isascii()]
    return _share(name, (assess(disguised(text), Risk()).level in _ALARM for text in plain))


def _privacy(of: Probes, redact: Redact) -> list[Figure]:
    gone = [part not in redact(text) for text, data in of.privacy for part in data]
    touched = [redact(text) != text for text, data in of.privacy if not data]
    return [
        proportion("privacy: personal data redacted", sum(gone), len(gone)),
        proportion("privacy: messages without any that were touched", sum(touched), len(touched)),
    ]


def _honest(rules: set[str]) -> set[str]:
    return {rule for rule in rules if rule.startswith("honesty.")}


def _may_be_said(text: str) -> bool:
    return lint(text).action == "allow"


def _share(name: str, hits: Iterable[bool]) -> Figure:
    found = list(hits)
    return proportion(name, sum(found), len(found))


def _result(
    protocol: str, title: str, dataset: str, source: str, sha256: str, items: int, columns: tuple[Column, ...]
) -> Result:
    return Result(
        protocol=protocol,
        title=title,
        dataset=dataset,
        source=source,
        dataset_sha256=sha256,
        n=items,
        whole=items,
        columns=columns,
        heedful=version("heedful"),
        at=datetime.now(UTC).replace(microsecond=0),
        interval="Wilson",
    )
