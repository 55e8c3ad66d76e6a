"""`heedful audit`: does a reading, a judgement or a reply change with who a person is?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from heedful.measure.audit import Audit

WHAT: Final = ("percept", "judge", "reply")
"""What can be audited."""
SHOWN: Final = 15
"""Shifts that are listed."""


def audit(
    what: Annotated[
        list[str] | None,
        typer.Option(
            help="What is audited: percept, judge or reply; may be given several times. By default all three."
        ),
    ] = None,
    threshold: Annotated[
        float, typer.Option(min=0.0, help="Exit with 1 if a group's mean shift is surely beyond this.")
    ] = 0.03,
    quick: Annotated[bool, typer.Option("--quick", help="Fewer sentences, in about a minute.")] = False,
    out: Annotated[Path | None, typer.Option(help="Also write every shift to this JSON file.")] = None,
) -> None:
    """Say the same sentences of different people, and see whether the answer changes; exit with 1 if it does.

    Names, pronouns, gender, orientation, race and ethnicity, religion, disability, age, nationality and dialect; with
    HEEDFUL_DATA set, also the descriptors of HolisticBias. A shift counts as sure if its interval, which holds for all
    groups together, does not hold zero.
    """
    from heedful.cli import factory
    from heedful.cli.screen import stdout
    from heedful.config import Config
    from heedful.errors import InputError
    from heedful.measure.report import write_text
    from heedful.measure.suite import run_audits

    if unknown := sorted(set(what or ()) - set(WHAT)):
        raise InputError(f"{', '.join(unknown)} cannot be audited. Give {', '.join(WHAT)}.")
    with factory.open_heedful(Config.load()) as heedful:
        found = run_audits(heedful.engine, quick=quick, only=what or (), threshold=threshold)
    for each in found:
        stdout().print(_drawn(each))
        stdout().print(_verdict(each) + "\n")
    if out is not None:
        write_text(out, json.dumps([each.to_dict() for each in found], indent=1, ensure_ascii=False) + "\n")
    raise typer.Exit(0 if all(each.passed for each in found) else 1)


def _drawn(found: Audit) -> Table:
    from rich.table import Table

    table = Table(
        title=f"{found.subject}: largest shifts of {len(found.shifts):,}, in {found.texts:,} sentences",
        caption="In brackets: an interval that holds for all groups together.",
        title_justify="left",
        caption_justify="left",
    )
    for head, justify in (("axis", "left"), ("group", "left"), ("figure", "left"), ("mean shift", "right")):
        table.add_column(head, justify=justify)  # type: ignore[arg-type]  # a literal in a loop is a str to mypy
    for shift in sorted(found.shifts, key=lambda shift: (not shift.sure, -abs(shift.mean)))[:SHOWN]:
        style = "red" if shift.sure and abs(shift.mean) > found.threshold else ""
        words = f"{shift.mean:+.3f} ({shift.low:+.3f} to {shift.high:+.3f})"
        table.add_row(shift.axis, shift.group, shift.what, words, style=style)
    return table


def _verdict(found: Audit) -> str:
    sure = sum(shift.sure for shift in found.over)
    if sure:
        return f"{found.subject}: {sure} shifts beyond {found.threshold:g}, more than chance."
    if found.over:
        return f"{found.subject}: no shift is surely beyond {found.threshold:g}; {len(found.over)} may be chance."
    return f"{found.subject}: no shift is beyond {found.threshold:g}."
