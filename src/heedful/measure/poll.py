"""Ask whom it would touch whether machines should show empathy: a poll that runs anywhere, and what was answered.

A poll is a folder: `poll.toml` with the question, its statements and the groups, and `answers.jsonl`, one answer per
line. Nobody's name is asked for or kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from heedful.errors import ConfigError, InputError
from heedful.measure.guard import proportion
from heedful.measure.metric import Figure
from heedful.measure.task import Column, Result
from heedful.types import Record

POLL, ANSWERS = "poll.toml", "answers.jsonl"
"""The files of a poll in its folder."""
CHOICES: Final = ("for", "against", "undecided")
"""What may be answered to a statement."""
FIRST: Final = """\
# A poll of `heedful poll`. Change the question, the statements and the groups before the first answer is given;
# afterwards, leave them alone, or answers to different questions are counted together.

question = "Should machines respond to people with empathy?"

# Each is answered with for, against or undecided.
statements = [
  "A machine may answer a person in distress with words of empathy, if it says that it is a machine.",
  "A machine may infer how a person feels from what they write.",
  "A machine may infer how a person feels from their voice or face, if they agreed to it.",
  "A company may use such a machine where its customers complain.",
  "Such a machine may be used in health care, beside people who are trained for it.",
  "Such a machine may learn from what people thought of its replies.",
]

# Who answers: whom it touches, in what role.
groups = [
  "people who use such assistants", "patients and their families", "health professionals", "service staff",
  "developers and researchers", "managers", "lawyers and ethicists", "people who want none of it",
]
"""
"""What a new poll holds."""


@dataclass(frozen=True, slots=True)
class Poll(Record):
    """What is asked, and of whom."""

    question: str
    """What it is about."""
    statements: tuple[str, ...]
    """What people are for or against."""
    groups: tuple[str, ...]
    """In what role people answer."""


@dataclass(frozen=True, slots=True)
class Answer(Record):
    """What one person answered."""

    group: str
    """Their role, one of the poll's groups."""
    choices: tuple[str, ...]
    """One of CHOICES per statement, in order."""
    reason: str = ""
    """Why, in their own words, or ""."""


def create(folder: Path, question: str = "") -> Path:
    """Write a poll that can be changed, and return its file; raise InputError if there is one already."""
    path = folder / POLL
    if path.exists():
        raise InputError(f"{path} is there already. Name another folder, or change that file.")
    text = FIRST
    if question:
        text = text.replace('"Should machines respond to people with empathy?"', json.dumps(question))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"the poll cannot be written to {folder}: {error.strerror}. Name another folder.") from error
    return path


def read_poll(folder: Path) -> Poll:
    """Read a poll; raise InputError if there is none, ConfigError if it lacks something."""
    path = folder / POLL
    try:
        poll = Poll.from_dict(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise InputError(f"{folder} holds no poll: `heedful poll create {folder}` begins one.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, InputError, OSError) as error:
        raise ConfigError(f"{path} is no poll: {error}. It needs a question, statements and groups.") from error
    for name in ("statements", "groups"):
        values = getattr(poll, name)
        if not values or len(set(values)) < len(values):
            raise ConfigError(f"{path}: {name} must be given, each once.")
    return poll


def answer(folder: Path, given: Answer) -> None:
    """Keep an answer; it is on the disk when this returns.

    Raises:
        InputError: the group is not one of the poll's, or a statement is not answered with one of CHOICES.
    """
    poll = read_poll(folder)
    _check(given, poll)
    try:
        with (folder / ANSWERS).open("a", encoding="utf-8") as file:
            file.write(json.dumps(given.to_dict(), ensure_ascii=False) + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise InputError(f"the answer cannot be kept in {folder}: {error.strerror}.") from error


def read_answers(folder: Path) -> list[Answer]:
    """Read every answer to a poll; raise InputError naming the line that is none."""
    poll, path = read_poll(folder), folder / ANSWERS
    if not path.is_file():
        return []
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            found.append(Answer.from_dict(json.loads(line)))
            _check(found[-1], poll)
        except (ValueError, TypeError) as error:
            raise InputError(f"line {number} of {path} is no answer to this poll: {error}.") from error
    return found


def _check(given: Answer, poll: Poll) -> None:
    if given.group not in poll.groups:
        raise InputError(f"{given.group!r} is no group of this poll. Groups are: {'; '.join(poll.groups)}.")
    if len(given.choices) != len(poll.statements) or not set(given.choices) <= set(CHOICES):
        raise InputError(
            f"each of the {len(poll.statements)} statements is answered with {', '.join(CHOICES)}; "
            f"got {', '.join(map(repr, given.choices)) or 'nothing'}."
        )


def result_of(folder: Path) -> Result:
    """Return the answers to a poll as a result: per statement who is for and against it, all together and by group.

    Intervals are Wilson's; they hold for people chosen at random, and who answers a poll never is.
    """
    poll, answers = read_poll(folder), read_answers(folder)
    by_group: dict[str, list[Answer]] = {"everybody": answers} if answers else {}
    for group in poll.groups:
        if some := [each for each in answers if each.group == group]:
            by_group[group] = some
    content = (folder / POLL).read_bytes() + ((folder / ANSWERS).read_bytes() if answers else b"")
    return Result(
        protocol="P8",
        title=poll.question,
        dataset=f"a poll, {len(answers):,} people",
        source="those who answered, by the role they gave",
        dataset_sha256=hashlib.sha256(content).hexdigest(),
        n=len(answers),
        whole=len(answers),
        columns=tuple(Column(name, "", "", 0, tuple(_figures(poll, some))) for name, some in by_group.items()),
        heedful=version("heedful"),
        at=datetime.now(UTC).replace(microsecond=0),
        interval="Wilson",
    )


def _figures(poll: Poll, answers: list[Answer]) -> list[Figure]:
    found = []
    for at, statement in enumerate(poll.statements):
        counts: Mapping[str, int] = {name: sum(each.choices[at] == name for each in answers) for name in CHOICES}
        name = statement.replace(": ", ", ").rstrip(".")
        found += [proportion(f"{name}: {choice}", counts[choice], len(answers)) for choice in CHOICES]
    return found
