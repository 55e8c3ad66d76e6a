"""Notice danger in what a person writes, and know whom they can turn to."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from heedful.errors import ConfigError
from heedful.guard import second
from heedful.guard.evasion import BREAK
from heedful.guard.pack import entries, known_keys, read, text, texts
from heedful.guard.rules import level_rank, read_exclusions, read_more, read_rules
from heedful.guard.scan import Exclusion, Match, Rule, Scanner
from heedful.guard.words import Words, to_words
from heedful.types import Finding, Level, Resource, Risk

KINDS = (
    "overdose",
    "medical emergency",
    "suicide",
    "child at risk",
    "violence",
    "abuse",
    "self-harm",
    "eating disorder",
)
"""What a risk may be about; of several at the same level the first one here is named."""

_RULES = "crisis.toml"
_MEANINGS = "crisis_meanings.toml"
_LANGUAGES = "crisis_languages.toml"
_SAFETY = "safety.toml"
_RESOURCES = "resources.toml"
_MOST_FINDINGS = 8
_QUOTED = 200
_DOUBT = 0.002
"""Below this probability of a crisis the network speaks against what the rules found."""
_UNDOUBTED = ("medical emergency", "overdose", "child at risk")
"""Kinds in which the rules are always believed: the network knows few of their words, and seconds or a child count."""
_WHY_NETWORK = "A network that was trained on messages of people in danger takes it for one, as a whole."
_MOST_RESOURCES = 3
_BODY = "medical emergency"
_SAME_HELP = {"overdose": _BODY}
"""Kinds that are met by the same help as another."""
_AT_ONCE = (_BODY, "violence")
"""Kinds for which the emergency number comes first at any level."""
_ANYWHERE = "*"
_ALIASES = {"UK": "GB"}


def assess(text: str, earlier: Risk) -> Risk:
    """Return the danger that a message speaks of, considering what is in force already.

    Args:
        text: what the person wrote; any string at all.
        earlier: the risk after the message before; `Risk()` at the beginning.

    Returns:
        What the message says, if that is at least as pressing as what was in force. Otherwise a crisis (high or
        imminent) stays in force until the conversation ends, marked `carried`; once the person says that they are
        safe, it stays in force as a concern. Findings say which words it rests on; excused ones are left out.

    Examples:
        >>> risk = assess("I want to die", Risk())
        >>> risk.level, risk.kind, risk.findings[0].rule
        ('high', 'suicide', 'suicide.wish')
        >>> assess("ok", risk).carried
        True
        >>> assess("This traffic is killing me", Risk()).level
        'none'
    """
    words = to_words(text)
    new = _by_both(words)
    if level_rank(earlier.level) < level_rank("high") and not earlier.carried:
        return new
    if level_rank(new.level) >= level_rank("high") and level_rank(new.level) >= level_rank(earlier.level):
        return new
    level: Level = earlier.level
    if level_rank(new.level) < level_rank("high") and _is_safe(words):
        level = "concern"
    return Risk(level, earlier.kind or new.kind, carried=True, findings=_together(new, earlier))


def carry_over(risk: Risk) -> Risk:
    """Return the risk with which a new conversation of the same person begins: a crisis goes on as a concern.

    Keeping it across conversations needs the person's consent; that is the caller's to ask for.

    Args:
        risk: in force at the end of their latest conversation.

    Examples:
        >>> carry_over(assess("I want to die", Risk())).level
        'concern'
    """
    if level_rank(risk.level) < level_rank("high") and not risk.carried:
        return Risk()
    return Risk("concern", risk.kind, carried=True, findings=risk.findings)


def says_safe(text: str) -> list[Match]:
    """Return where a message says that the person is safe, excused finds with their excuse included."""
    return _safety().scan(to_words(text))


def examine(text: str) -> list[Match]:
    """Return everything that the crisis rules find in a text, excused finds with their excuse included."""
    return _scanner().scan(to_words(text))


def resources(kind: str | None, country: str, *, level: Level = "high") -> tuple[Resource, ...]:
    """Return whom a person can turn to, at most three, the first to use first.

    Args:
        kind: what it is about, one of `KINDS`; None or any other text if that is not known.
        country: ISO 3166-1 alpha-2, in any case; "" or an unknown one gives the international directory.
        level: how pressing it is; if imminent, the emergency number comes first.

    Raises:
        ConfigError: the pack is malformed.
    """
    kind = _SAME_HELP.get(kind or "", kind)
    code = country.strip().upper()
    found = _resources().get(_ALIASES.get(code, code)) or _resources()[_ANYWHERE]
    emergency = [entry.resource for entry in found if "emergency" in entry.kinds]
    special = [entry.resource for entry in found if kind in entry.kinds]
    general = [entry.resource for entry in found if "any" in entry.kinds and entry.resource not in special]
    if kind == _BODY:  # a line that listens is no help to a heart
        return tuple([*emergency, *special][:_MOST_RESOURCES]) or tuple(general[:_MOST_RESOURCES])
    if level == "imminent" or kind in _AT_ONCE:
        return (*emergency, *special, *general)[:_MOST_RESOURCES]
    return (*[*special, *general][: _MOST_RESOURCES - len(emergency)], *emergency)


@dataclass(frozen=True, slots=True)
class Entry:
    """A resource as the pack holds it."""

    resource: Resource
    """What a person is given."""
    kinds: tuple[str, ...]
    """What it is for: kinds of risk, "any" for all of them, "emergency" for the emergency number."""
    source: str
    """The page that it was taken from."""
    checked: date
    """When it was last compared with its source."""


def read_resources(data: Mapping[str, Any], source: str) -> dict[str, tuple[Entry, ...]]:
    """Return the resources of a pack by country, "*" for anywhere; raise ConfigError naming file, entry and key."""
    found: dict[str, list[Entry]] = {}
    keys = ("country", "kinds", "name", "contact", "hours", "url", "source", "checked")
    for entry in entries(dict(data), "resource", source):
        where = (
            f"{source}, resource {entry.get('name', '(without a name)')!r} of {entry.get('country', '(no country)')}"
        )
        known_keys(entry, where, keys)
        country = text(entry, "country", where)
        kinds = texts(entry, "kinds", where)
        if unknown := sorted(set(kinds) - {*KINDS, "any", "emergency"}):
            raise ConfigError(f"{where}: kinds has {', '.join(unknown)}; known are {', '.join(KINDS)}, any, emergency.")
        checked = entry.get("checked")
        if not isinstance(checked, date):
            raise ConfigError(f"{where}: checked must be a date such as 2026-01-31; got {checked!r}.")
        fields = (text(entry, key, where) for key in ("name", "contact", "hours", "url"))
        found.setdefault(country, []).append(Entry(Resource(*fields), kinds, text(entry, "source", where), checked))
    if _ANYWHERE not in found:
        raise ConfigError(f'{source}: country "*" (the international directory) is missing.')
    return {country: tuple(each) for country, each in found.items()}


def _by_both(words: Words) -> Risk:
    """Return the danger in a message as both layers see it.

    Either layer may raise it. What the rules excuse, the network does not get to read; and where they alarm at
    something in which the network sees next to nothing, a question is left of the alarm.
    """
    matches = _scanner().scan(words)
    risk = _weigh(matches)
    standing = [match for match in matches if level_rank(match.level) >= level_rank("high")]
    opinion = second.look(words.words if standing else _unexcused(words, matches))
    if opinion is None:
        return risk
    if standing and opinion.high < _DOUBT and not any(_undoubted(match.rule) for match in standing):
        return replace(risk, level="concern")
    return _raised(risk, opinion)


def _undoubted(rule: Rule) -> bool:
    return rule.foreign or rule.kind in _UNDOUBTED


def _raised(risk: Risk, opinion: second.Opinion) -> Risk:
    """Return what the rules found, raised to what the network's word earns."""
    if opinion.high < second.threshold("high"):
        return risk
    if risk.level == "none" and _scanner().excuse(opinion.words.split(), _network_rule(opinion.kind)):
        return risk
    level: Level = "imminent" if opinion.imminent >= second.threshold("imminent") else "high"
    if level_rank(level) <= level_rank(risk.level):
        return risk
    finding = Finding(_network_rule(opinion.kind), opinion.words[:_QUOTED], _WHY_NETWORK)
    kind = opinion.kind if risk.level == "none" else risk.kind
    return Risk(level, kind, findings=(finding, *risk.findings)[:_MOST_FINDINGS])


def _network_rule(kind: str) -> str:
    """Return what the network's finds of a kind are called: an exclusion may cancel them by this name."""
    return f"{second.NETWORK}.{kind}"


def _unexcused(words: Words, matches: list[Match]) -> list[str]:
    """Return the words without the sentences in which the rules found something and excused it."""
    kept = list(words.words)
    for match in sorted((match for match in matches if match.excuse), key=lambda match: -match.start):
        first, end = match.start, match.end
        while first > 0 and words.words[first - 1] != BREAK:
            first -= 1
        while end < len(words.words) and words.words[end] != BREAK:
            end += 1
        kept[first:end] = [BREAK] * (end - first)
    return kept


def _weigh(matches: list[Match]) -> Risk:
    """Make one risk of all matches: the highest level, its kind, and what it rests on, weightiest first."""
    standing = [match for match in matches if match.level != "none"]
    if not standing:
        return Risk()
    standing.sort(key=lambda match: (-level_rank(match.level), KINDS.index(match.rule.kind)))
    first = standing[0]
    return Risk(first.level, first.rule.kind, findings=tuple(match.finding for match in standing[:_MOST_FINDINGS]))


def _together(new: Risk, earlier: Risk) -> tuple[Any, ...]:
    findings = dict.fromkeys((*new.findings, *earlier.findings))
    return tuple(findings)[:_MOST_FINDINGS]


def _is_safe(words: Words) -> bool:
    return any(match.excuse is None for match in _safety().scan(words))


def by_rules(text: str) -> Risk:
    """Return the danger that the rules alone find in a message, whatever was said before."""
    return _weigh(_scanner().scan(to_words(text)))


def lexicon() -> tuple[tuple[Rule, ...], tuple[Exclusion, ...]]:
    """Return the rules with their phrases, and what excuses them: what training draws texts from."""
    return _scanner().rules, _scanner().exclusions


@functools.cache
def _scanner() -> Scanner:
    data = read(_RULES)
    rules = read_rules(data, _RULES, KINDS, ("concern", "high", "imminent"))
    meanings, languages = read(_MEANINGS), read(_LANGUAGES)
    rules = read_more(meanings, _MEANINGS, rules)
    bare = [replace(rule, phrases=(), foreign=True) for rule in rules]
    foreign = [rule for rule in read_more(languages, _LANGUAGES, bare) if rule.phrases]
    known = [*rules, *(Rule(_network_rule(kind), kind, "high", _WHY_NETWORK) for kind in KINDS)]
    exclusions = read_exclusions(data, _RULES, known)
    for source, more in ((_MEANINGS, meanings), (_LANGUAGES, languages)):
        exclusions += read_exclusions(more, source, known)
    return Scanner([*rules, *foreign], exclusions)


@functools.cache
def _safety() -> Scanner:
    data = read(_SAFETY)
    rules = read_rules(data, _SAFETY, ("safe",), ("none",))
    return Scanner(rules, read_exclusions(data, _SAFETY, rules))


@functools.cache
def _resources() -> dict[str, tuple[Entry, ...]]:
    return read_resources(read(_RESOURCES), _RESOURCES)
