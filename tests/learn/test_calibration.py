"""How feelings are misread here: a candidate that is measured, used, told about, taken back and forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from heedful import Config, Heedful, InputError
from heedful.learn import learning
from heedful.learn.calibration import FURTHEST, Correction, given_to_felt, in_words, shift_of
from heedful.learn.curve import draw
from heedful.learn.feedback import Lesson, rater_of
from heedful.learn.learner import together
from heedful.plugins import WRITERS, load
from heedful.store.lessons import LessonRow
from tests.doubles import CuePerceiver, install

READ = {"sadness": 0.6, "fear": 0.25, "anger": 0.05}


@pytest.fixture(autouse=True)
def _parts(monkeypatch: pytest.MonkeyPatch) -> None:
    parts: dict[str, Any] = {"text": lambda _: CuePerceiver(), "compose": load(WRITERS, "compose")}
    install(monkeypatch, parts)
    monkeypatch.setattr(learning, "unharmed", lambda *_: [])  # tried on the probes in tests/learn/test_learning.py


@pytest.fixture
def heedful(tmp_path: Path) -> Iterator[Heedful]:
    with Heedful(Config.load(data_folder=str(tmp_path), disclose=False, explore=False)) as made:
        yield made


def lesson(rater: str, felt: str = "fear", read: dict[str, float] = READ) -> Lesson:
    return Lesson(rater_of(rater), "companion", (), (), {}, 0.0, felt, read, read)


def rows(count: int, raters: int, felt: str = "fear", prefix: str = "r") -> list[LessonRow]:
    return [
        LessonRow(f"{prefix}{at}", 1_000_000 * at, f"{prefix} {at % raters}",
                  lesson(f"{prefix} {at % raters}", felt).to_dict())
        for at in range(count)
    ]  # fmt: skip


def test_what_many_correct_alike_is_shifted_within_bounds_and_what_one_says_is_theirs() -> None:
    many = shift_of([(at, lesson(f"r {at % 10}")) for at in range(400)])
    assert many.weights["fear"] == FURTHEST
    assert -FURTHEST <= many.weights["sadness"] < 0.0
    assert (many.lessons, many.raters) == (400, 10)
    assert shift_of([(at, lesson("one")) for at in range(40)]).weights == {}
    assert "fear is read more readily" in in_words(many.weights)


def test_no_shift_rests_on_one_rater_however_loud() -> None:
    few = [(at, lesson(f"r {at % 4}", "sadness")) for at in range(24)]
    loud = [(24 + at, lesson("loud", "joy", {"joy": 0.03})) for at in range(40)]
    others = [(70 + at, lesson(f"r {at}", "joy", {"joy": 0.9})) for at in range(3)]
    assert shift_of(few + loud + others).weights.get("joy", 0.0) < 0.1


def test_a_shift_gives_more_of_what_is_read_to_what_was_felt() -> None:
    said = Correction("r", "fear", {"sadness": 0.6, "fear": 0.2})
    assert given_to_felt(said, {}) == pytest.approx(0.25)
    assert given_to_felt(said, {"fear": 0.75, "sadness": -0.75}) > 0.4
    assert given_to_felt(Correction("r", "fear", {}), {}) == 1.0


def test_the_curve_of_reading_rises_as_feelings_are_corrected_and_can_be_drawn(
    heedful: Heedful, tmp_path: Path
) -> None:
    nearly = {"sadness": 0.5, "fear": 0.4}
    heedful.store.lessons.add(
        [
            LessonRow(f"c{at}", 1_000_000 * at, f"p {at % 20}", lesson(f"p {at % 20}", read=nearly).to_dict())
            for at in range(150)
        ]
    )
    found = heedful.learning.curve("calibration")
    assert [point.feedback for point in found.points] == [50, 100, 150]
    assert found.points[0].learned == found.points[0].frozen == pytest.approx(4 / 9)
    assert found.points[-1].learned > 0.6 > found.points[-1].frozen
    assert "corrected feelings" in draw(found, tmp_path / "c.svg", "calibration").read_text(encoding="utf-8")


def test_a_shift_is_used_told_and_taken_back(heedful: Heedful) -> None:
    with pytest.raises(InputError, match="no feeling was corrected"):
        heedful.learning.promote(kind="calibration")
    before = heedful.turn("I am sad about it.", conversation="a").percept
    heedful.store.lessons.add(rows(60, 10))
    outcome = heedful.learning.promote(kind="calibration")
    assert outcome.live, outcome.checks
    assert outcome.checks[0].name == "reads held-out people better"
    after = heedful.turn("I am sad about it.", conversation="b").percept
    assert after.fine["fear"] > before.fine["fear"]
    assert heedful.learning.status().calibration == outcome.number
    assert heedful.learning.why(outcome.number).payload["raters"] == 10
    assert heedful.learning.rollback("calibration") is None
    again = heedful.turn("I am sad about it.", conversation="c").percept
    assert again.fine == before.fine


def test_corrections_that_agree_with_how_it_was_read_change_nothing(heedful: Heedful) -> None:
    as_read = [
        row for felt, times in (("sadness", 60), ("fear", 25), ("anger", 5)) for row in rows(times, 5, felt, felt)
    ]
    heedful.store.lessons.add(as_read)
    assert not heedful.learning.promote(kind="calibration").live
    assert heedful.learning.status().calibration is None


def test_a_person_who_is_forgotten_has_shifted_nothing(heedful: Heedful, tmp_path: Path) -> None:
    heedful.store.lessons.add(rows(60, 10))
    heedful.store.lessons.add(rows(30, 1, "anger", "mia"))
    number = heedful.learning.promote(kind="calibration").number
    with_her = heedful.learning.why(number).payload
    heedful.forget("mia 0")
    with Heedful(Config.load(store_url="sqlite://", disclose=False)) as never:
        never.store.lessons.add(rows(60, 10))
        without = never.learning.why(never.learning.promote(kind="calibration").number).payload
    left = heedful.learning.why(number).payload
    assert left["weights"] == without["weights"] != with_her["weights"]
    assert left["lessons"] == 60


def test_a_persons_own_prior_comes_on_top_of_what_is_shared() -> None:
    assert together({"fear": 0.5}, {"fear": 0.25, "joy": -0.5}) == {"fear": 0.75, "joy": -0.5}
    assert together({}, {"joy": 1.0}) == {"joy": 1.0}
    assert together({"joy": 1.0}, {}) == {"joy": 1.0}


def test_a_correction_on_a_shifted_reading_is_learned_from_as_it_was_read_before(heedful: Heedful) -> None:
    heedful.store.lessons.add(rows(60, 10))
    heedful.learning.promote(kind="calibration")
    turn = heedful.turn("I am sad about it.", conversation="a", person="zoe")
    heedful.feedback(turn, feeling="fear")
    (kept,) = heedful.store.lessons.rows(person="zoe")
    assert kept.payload["raw"].get("fear", 0.0) < kept.payload["read"]["fear"]
