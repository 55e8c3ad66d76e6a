"""Learning at home: what feedback changes, for whom, and that it can be taken out again."""

from __future__ import annotations

import functools
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from heedful import Config, Heedful, InputError
from heedful.learn import learning
from heedful.learn.feedback import Lesson, rater_of, read_imported
from heedful.learn.preference import Comparison
from heedful.plugins import WRITERS, load
from heedful.store.lessons import LessonRow
from heedful.store.residue import files_in
from tests.doubles import CuePerceiver, install

HARD = ("My boss shouted at me today.", "I failed my exam.", "My sister is ill and I'm scared.", "I feel lonely here.")


@pytest.fixture(autouse=True)
def _parts(monkeypatch: pytest.MonkeyPatch) -> None:
    parts: dict[str, Any] = {"text": lambda _: CuePerceiver(), "compose": load(WRITERS, "compose")}
    install(monkeypatch, parts)


@pytest.fixture
def harmless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the turns that a candidate is tried on, which one test looks at for all."""
    monkeypatch.setattr(learning, "unharmed", lambda *_: [])


@pytest.fixture
def heedful(tmp_path: Path) -> Iterator[Heedful]:
    with Heedful(Config.load(data_folder=str(tmp_path), disclose=False, explore=False)) as made:
        yield made


def teach(heedful: Heedful, person: str, times: int = 16) -> None:
    """Let a person rate down every question."""
    for number in range(times):
        turn = heedful.turn(HARD[number % 4], conversation=f"{person} {number}", person=person)
        heedful.feedback(turn, rating=1 if "?" in turn.reply.text else 5)


def asked(heedful: Heedful, person: str | None) -> list[str]:
    """Return the replies to new messages."""
    texts = ("My car broke down again.", "They sold our house.", "I lost my job on Friday.", "My knee hurts.")
    return [
        heedful.turn(text, conversation=f"new {person} {row}", person=person).reply.text
        for row, text in enumerate(texts)
    ]


def lessons(count: int, raters: int = 12, gap: float = -2.0, prefix: str = "rater") -> list[LessonRow]:
    rows = []
    for number in range(count):
        person = f"{prefix} {number % raters}"
        lesson = Lesson(rater_of(f"person {person}"), "companion", (Comparison({"question": gap, "ends_asking": gap}),))
        rows.append(LessonRow(f"{prefix}-{number}", 1_000_000 * number, person, lesson.to_dict()))
    return rows


def test_a_handful_of_ratings_changes_how_a_person_is_answered_and_nobody_else(heedful: Heedful) -> None:
    before = asked(heedful, "noor")
    teach(heedful, "mia")
    assert sum("?" in reply for reply in before) >= 2
    assert sum("?" in reply for reply in asked(heedful, "mia")) == 0
    with Heedful(Config.load(data_folder="", store_url="sqlite://", disclose=False)) as fresh:
        assert asked(heedful, "zoe") == asked(fresh, "zoe")


def test_a_crisis_is_met_as_if_nothing_had_been_learned(heedful: Heedful) -> None:
    teach(heedful, "mia")
    message = "I want to kill myself tonight."
    with Heedful(Config.load(store_url="sqlite://", disclose=False)) as fresh:
        one, two = (each.turn(message, conversation="c", person="mia") for each in (heedful, fresh))
    assert one.reply.text == two.reply.text
    assert "?" in one.reply.text


def test_with_learning_off_feedback_is_kept_and_changes_nothing(tmp_path: Path) -> None:
    with Heedful(Config.load(data_folder=str(tmp_path), disclose=False, learn=False)) as heedful:
        before = asked(heedful, "mia")
        teach(heedful, "mia", 8)
        assert len(heedful.export("mia").feedback) == 8
        assert heedful.export("mia").taste is None
        # The same conversations again, under other names: the wording goes by the name.
        assert sum("?" in reply for reply in before) > 0


def test_a_corrected_feeling_weighs_in_when_the_person_is_read_again(heedful: Heedful) -> None:
    for number in range(6):
        turn = heedful.turn("I am sad about it.", conversation=f"c{number}", person="mia")
        heedful.feedback(turn, feeling="fear")
    mine = heedful.turn("I am sad about it.", conversation="m", person="mia").percept
    other = heedful.turn("I am sad about it.", conversation="o", person="zoe").percept
    assert mine.fine["fear"] > other.fine["fear"]
    assert mine.basic["fear"] > other.basic["fear"]
    assert sum(mine.basic.values()) == pytest.approx(1.0)


def test_what_a_candidate_has_to_pass_and_what_it_changes_is_told_and_it_can_be_taken_back(
    heedful: Heedful, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning, "unharmed", functools.partial(learning.unharmed, every=24))  # a part, to be quick
    heedful.store.lessons.add(lessons(200))
    outcome = heedful.learning.promote()
    assert outcome.live, outcome.checks
    assert "people would rather do without a question" in outcome.changes
    assert {check.name for check in outcome.checks} >= {"better on held-out feedback", "guard probes as before"}
    status = heedful.learning.status()
    assert (status.live, status.feedback, status.people) == (1, 200, 12)
    assert heedful.learning.why(1).payload["lessons"] == 200
    assert heedful.learning.rollback() is None
    assert heedful.learning.status().live is None
    with pytest.raises(InputError, match="nothing to go back from"):
        heedful.learning.rollback()


def test_a_candidate_that_is_no_better_is_not_used(heedful: Heedful, harmless: None) -> None:
    with pytest.raises(InputError, match="no feedback"):
        heedful.learning.promote()
    torn = lessons(100, gap=-2.0) + lessons(100, gap=2.0, prefix="other")
    heedful.store.lessons.add(torn)
    outcome = heedful.learning.promote()
    assert not outcome.live
    assert heedful.learning.status().live is None
    with pytest.raises(InputError, match="no version 9"):
        heedful.learning.why(9)


def test_somebody_who_rewards_the_opposite_is_left_out_and_said_so(heedful: Heedful, harmless: None) -> None:
    heedful.store.lessons.add(lessons(200) + lessons(20, raters=1, gap=2.0, prefix="spite"))
    assert any("go against all others" in alarm for alarm in heedful.learning.status().alarms)
    heedful.learning.promote()
    assert heedful.learning.why(1).payload["left_out"] == 1


def test_a_person_who_is_forgotten_has_taught_nothing(heedful: Heedful, harmless: None, tmp_path: Path) -> None:
    heedful.store.lessons.add(lessons(200))
    odd = Lesson(rater_of("person mia"), "companion", (Comparison({"praise": 2.5, "advice": -1.5}),)).to_dict()
    strange = [LessonRow(f"mia-{number}", 999 + number, "mia", odd) for number in range(40)]
    heedful.store.lessons.add(strange)
    teach(heedful, "mia", 4)
    heedful.learning.promote()
    with_her = heedful.learning.why(1).payload
    erased = heedful.forget("mia")
    assert erased.lessons == 44
    with Heedful(Config.load(store_url="sqlite://", disclose=False)) as never:
        never.store.lessons.add(lessons(200))
        never.learning.promote()
        without = never.learning.why(1).payload
        assert heedful.learning.why(1).payload["weights"] == without["weights"] != with_her["weights"]
        for rater in ("rater 0", "rater 7"):
            assert heedful.store.lessons.taste(rater) == never.store.lessons.taste(rater)
    assert heedful.store.lessons.taste("mia") is None
    stored = b"".join(path.read_bytes() for path in files_in(tmp_path))
    assert b"mia-1" not in stored
    assert rater_of("person mia").encode() not in stored


def test_what_was_rated_elsewhere_is_taken_in_once(heedful: Heedful) -> None:
    rows = [
        read_imported({"message": "My dog died.", "reply": reply, "rating": rating, "person": "mia", "id": reply}, "x")
        for reply, rating in (("I'm sorry about your dog.", 5), ("Get another one.", 1))
    ]
    assert heedful.learning.take_in(rows) == (2, 1)
    assert heedful.learning.take_in(rows) == (0, 1)
    assert heedful.export("mia").taste is not None
    assert len(heedful.export("mia").lessons) == 2


def test_the_curve_rises_above_nothing_learned(heedful: Heedful) -> None:
    heedful.store.lessons.add(lessons(200))
    points = heedful.learning.curve().points
    assert [point.feedback for point in points] == [50, 100, 150, 200]
    assert points[0].learned == 0.5
    assert points[-1].learned == 1.0 > points[-1].frozen
    assert points[-1].low < 1.0 <= points[-1].high + 1e-9


def test_learning_from_one_rating_takes_a_few_milliseconds(heedful: Heedful) -> None:
    turn = heedful.turn(HARD[0], conversation="c", person="mia")
    taken = []
    for number in range(20):
        given = heedful.feedback(turn, rating=1 + number % 5)
        heedful.store.lessons.rows(person="mia")
        row = heedful.store.lessons.rows(person="mia")[-1]
        lesson = Lesson.from_dict(row.payload)
        start = time.process_time()
        from heedful.learn.learner import advanced

        advanced(heedful.store.lessons.taste("mia"), lesson, row.at, {})
        taken.append(time.process_time() - start)
        assert given.id == row.id
    assert sorted(taken)[10] <= 0.03  # 2 ms on a quiet machine


def test_feedback_that_a_killed_process_had_not_learned_from_is_learned_from_later(tmp_path: Path) -> None:
    code = textwrap.dedent(
        """
        import os, signal, sys
        from heedful import Config, Heedful
        import pytest
        from heedful.learn import learner
        from heedful.plugins import WRITERS, load
        from tests.doubles import CuePerceiver, install

        parts = {"text": lambda _: CuePerceiver(), "compose": load(WRITERS, "compose")}
        install(pytest.MonkeyPatch(), parts)
        heedful = Heedful(Config.load(data_folder=sys.argv[1], listener="none"))
        turn = heedful.turn("My boss shouted at me.", conversation="c", person="mia")
        heedful.feedback(turn, rating=5)
        learner.Learner.note = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        heedful.feedback(turn, rating=1)
        """
    )
    root = Path(__file__).parent.parent.parent
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)], cwd=root, env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL, done.stderr
    with Heedful(Config.load(data_folder=str(tmp_path))) as heedful:
        assert len(heedful.export("mia").feedback) == 2
        assert len(heedful.export("mia").lessons) == 1
        assert heedful.learning.status().feedback == 2
        assert (heedful.store.lessons.taste("mia") or {})["lessons"] == 2


def test_what_is_kept_of_a_lesson_can_be_read_by_people(heedful: Heedful) -> None:
    teach(heedful, "mia", 2)
    plain = json.loads(json.dumps(heedful.export("mia").to_dict()))
    assert plain["lessons"][0]["payload"]["verdicts"][0][0] == "rating"
