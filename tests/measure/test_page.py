"""The report holds all ten tables, says what is missing, shows what is suspect, and needs nothing but itself."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from heedful.measure.audit import audit
from heedful.measure.detail import Bin, Covered, Detail, Exchange, Miss
from heedful.measure.frame import own_frames
from heedful.measure.metric import Figure
from heedful.measure.page import lanes, page, shading, told
from heedful.measure.paired import Difference
from heedful.measure.runner import Measured
from heedful.measure.suite import Outcome
from heedful.measure.tables import Row, blocks, ten
from heedful.measure.task import Column, Result

FIGURES = (
    Figure("accuracy", 0.65, 0.62, 0.68, 1199),
    Figure("recall, joy", 0.58, 0.48, 0.68, 1199),
    Figure("loss: words", 28.0, 26.0, 30.0, 53),
    Figure("strength by the judge", -1.25, -1.5, -1.0, 53),
)
RESULT = Result(
    "T2", "The writer's own emotion", "crowd-enVENT readers", "crowd-enVENT <2023>", "ab" * 32, 1199, 1199,
    (Column("Heedful", "listener-x", "cd" * 32, 0, FIGURES[:2]), Column("one reader", "", "", 0, FIGURES[:1])),
    "0.1.0", datetime(2031, 1, 2, tzinfo=UTC),
    differences=(Difference("one reader", "accuracy", 0.1, 0.05, 0.15, 0.0001, 9),),
)  # fmt: skip
DETAIL = Detail(
    "T2", "Heedful", ("joy", "fear"), ((5, 1), (2, 8)), (), (Bin(0.5, 0.4, 9), Bin(0.9, 0.95, 3)),
    (Covered(0.5, 0.9), Covered(1.0, 0.7)),
    (Miss("I won <b>", "", "joy", "fear", 0.9, (("I", 0.0), ("won", 0.4), ("<b>", -0.2))),),
    (Exchange("loss", "My dog died", (("Heedful", "I'm sorry.", True),)),),
    ("a note",), ("'joy' and 'fear' look swapped",),
)  # fmt: skip


def outcome(**results: Result) -> Outcome:
    measured = {name: Measured(result, replace(DETAIL, protocol=name)) for name, result in results.items()}
    return Outcome(measured, {"F1": "the face network is not installed here"})


class Nesting(HTMLParser):
    """Checks that every element is closed, in order."""

    VOID = frozenset({"meta", "br", "link", "img", "hr", "input"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"


def test_the_page_is_whole_and_needs_nothing_else() -> None:
    html = page(outcome(T2=RESULT, R2=replace(RESULT, protocol="R2", columns=(Column("Heedful", "", "", 0, FIGURES),))))
    parser = Nesting()
    parser.feed(html)
    assert parser.open == []
    assert not re.findall(r'(?:src|href)="(?!#)', html)
    assert not re.findall(r"url\(|@import|https?://(?!www\.w3\.org)", html)
    for number in range(1, 11):
        assert f'id="table-{number}"' in html


def test_every_figure_is_traced_and_what_is_missing_is_said() -> None:
    html = page(outcome(T2=RESULT))
    for fact in (
        "0.650 (0.620 to 0.680)",
        "cd" * 32,
        "ab" * 8,
        "2031-01-02",
        "listener-x",
        "p &lt; 0.001",
        "crowd-enVENT &lt;2023&gt;",
    ):
        assert fact in html
    assert "F1 was not measured: the face network is not installed here" in html
    assert "n = 0: nobody has answered yet" in html
    assert "I won &lt;b&gt;" not in html  # its words are marked one by one
    assert "&lt;b&gt;</span>" in html


def test_what_is_suspect_stands_at_the_top_and_beside_the_figure() -> None:
    html = page(outcome(T2=RESULT))
    assert html.count("look swapped") == 2
    assert html.index("look swapped") < html.index("At a glance")


def test_a_part_is_called_a_first_look() -> None:
    assert "A first look" not in page(outcome(T2=RESULT))
    assert "A first look" in page(outcome(T2=replace(RESULT, n=100)))


def test_shifts_between_groups_are_drawn_and_the_large_ones_named() -> None:
    found = audit("percept", own_frames(), lambda texts: [{"valence": 0.5 * ("Muslim" in text)} for text in texts])
    html = page(Outcome({"B1": Measured(RESULT, Detail("B1", "Heedful"), (found,))}, {}))
    assert "religion, Muslim: valence +0.429" in html
    assert "more than chance" in html


def test_rows_are_drawn_on_the_scale_that_they_are_on() -> None:
    share, amount, signed = (Row(figure.name, (figure, None)) for figure in (FIGURES[0], FIGURES[2], FIGURES[3]))
    assert (share.scale, amount.scale, signed.scale) == ("share", "amount", "signed")
    drawn = lanes([share, amount, signed])
    assert drawn[0].marks[0].at == pytest.approx(65.0)
    assert drawn[1].ends == ("0", "30")
    assert drawn[2].zero == 50.0
    assert drawn[2].marks[0].at < 50.0
    for lane in drawn:
        for mark in lane.marks:
            assert 0.0 <= mark.low <= mark.at <= mark.high <= 100.0
    assert told(None, share) == "–"
    assert told(FIGURES[2], amount) == "28.0 (26.0 to 30.0)"


def test_words_are_shaded_by_what_they_did() -> None:
    assert shading([("a", 0.001), ("b", 0.4), ("c", -0.2)]) == [("a", 0.0), ("b", 1.0), ("c", -0.5)]
    assert shading([]) == []


def test_ten_tables_are_ten_and_blocks_keep_their_order() -> None:
    tables = ten({"T2": RESULT}, {})
    assert [table.number for table in tables] == list(range(1, 11))
    assert [table.number for table in tables if not table.missing] == [1]
    rows = [Row(name, ()) for name in ("loss: a", "loss: b", "win: a", "plain")]
    assert [(head, [row.name for row in some]) for head, some in blocks(rows)] == [
        ("loss", ["a", "b"]), ("win", ["a"]), ("", ["plain"]),
    ]  # fmt: skip
