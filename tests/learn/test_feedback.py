from __future__ import annotations

from dataclasses import replace

import pytest

from heedful.config import Config
from heedful.errors import InputError
from heedful.learn.feedback import (
    Lesson,
    Usual,
    comparisons,
    corrected,
    lesson_of,
    lesson_of_imported,
    rated_beside,
    read_imported,
)  # fmt: skip
from heedful.types import Feedback
from tests.samples import sample_turn, sample_understanding

TURN = sample_turn(person="mia")
TURN = replace(TURN, reply=replace(TURN.reply, traits={"question": 2.5, "sorry": -1.0, "lead": 0.05}))


def of(**said: object) -> Lesson:
    return lesson_of(Feedback("f", TURN.id, **said), TURN, Config.load())


def test_every_kind_of_feedback_says_what_was_liked_better() -> None:
    (liked,), _ = comparisons(of(rating=5), Usual())
    assert liked.traits == {"question": 2.5, "sorry": -1.0}
    assert liked.lead == 0.05
    (disliked,), _ = comparisons(of(rating=1), Usual())
    assert disliked.traits["question"] == -2.5
    assert comparisons(of(helped=False), Usual())[0][0].traits["question"] < 0
    assert comparisons(of(outcome=0.8), Usual())[0][0].traits["question"] > 0
    (prefer,) = of(prefer="That hurts.").pairs
    (over,) = of(over="That hurts.").pairs
    assert prefer.traits["question"] < 0 < over.traits["question"]
    assert of(edit="That hurts.").pairs[0].trust < prefer.trust


def test_a_comment_teaches_nothing_and_no_word_of_it_is_kept() -> None:
    assert not of(comment="She was called Xochitl.").teaches
    assert "Xochitl" not in str(of(comment="Xochitl", rating=5).to_dict())
    assert "Xochitl" not in str(of(prefer="Xochitl was lovely.", edit="I'm sorry about Xochitl.").to_dict())


def test_four_of_five_is_a_complaint_from_somebody_who_always_gives_five() -> None:
    usual = Usual()
    for _ in range(10):
        _, usual = comparisons(of(rating=5), usual)
    assert comparisons(of(rating=4), usual)[0][0].traits["question"] < 0
    assert comparisons(of(rating=4), Usual())[0][0].traits["question"] > 0


def test_a_corrected_feeling_moves_what_is_expected_of_a_person_within_bounds() -> None:
    lesson = of(feeling="fear")
    assert lesson.felt == "fear"
    assert lesson.read
    prior: dict[str, float] = {}
    for _ in range(50):
        prior = corrected(prior, lesson)
    assert prior["fear"] == 1.5
    assert prior["sadness"] < 0
    assert min(prior.values()) >= -1.5
    assert not of(feeling="out of sorts").teaches


def test_an_imported_line_is_compared_with_what_it_names_and_with_its_neighbours() -> None:
    rows = [
        read_imported({"message": "My dog died.", "reply": reply, "rating": rating}, "a file, line 1")
        for reply, rating in (("I'm sorry about your dog.", 5), ("Get another one.", 1))
    ]
    beside = rated_beside(rows)[None, "My dog died."]
    lesson = lesson_of_imported(rows[0], sample_understanding(), {}, Config.load(), beside)
    (pair,) = lesson.pairs
    assert pair.traits["sorry"] > 0
    assert not lesson_of_imported(rows[1], sample_understanding(), {}, Config.load(), beside).teaches


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ({"message": "a", "reply": "b"}, "nothing is said of the reply"),
        ({"message": "a", "reply": "b", "rating": 6}, "from 1"),
        ({"message": "a", "reply": "b", "outcome": 2.0}, "outcome"),
        ({"message": "a", "rating": 4}, "reply"),
        ({"message": "a", "reply": "b", "rating": 4, "stars": 3}, "stars"),
        ({"message": 4, "reply": "b", "rating": 4}, "line 7"),
    ],
)
def test_a_line_that_cannot_be_feedback_is_named_with_what_is_wrong_in_it(line: dict[str, object], told: str) -> None:
    with pytest.raises(InputError, match=told):
        read_imported(line, "feedback.jsonl, line 7")
