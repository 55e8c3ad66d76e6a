from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import numpy as np

from heedful.respond.exemplar import Exemplars, stems_of
from heedful.types import Message, Plan, Reply
from tests.samples import sample_turn, sample_understanding

PLAN = Plan("loss", ("console", "explore"), "first", "gentle", sentences=3)
WRITTEN = Reply(
    "I'm sorry about your dog. It makes sense that it hurts. What was he like?",
    "compose",
    (
        "says back what was heard: I'm sorry about your dog.",
        "says that the feeling makes sense: It makes sense that it hurts.",
        "invites them to go on: What was he like?",
    ),
)
MEANING = np.array([1.0, 0.0, 0.0], dtype="<f4").tobytes()
SAD = sample_understanding(situation={"sad": 0.9, "joyful": 0.1})


def exemplar(text: str, vector: tuple[int, int], part: str = "think", **more: Any) -> dict[str, Any]:
    kept = base64.b64encode(np.array(vector, dtype=np.int8).tobytes()).decode()
    return {"id": text[:6], "text": text, "part": part, "mood": "low", "needs": [], "conversations": ["logs/1"],
            "source": "logs", "vector": kept, **more}  # fmt: skip


def of(*known: dict[str, Any]) -> Exemplars:
    way = np.array([[1, 0], [0, 1], [0, 0]], dtype="<f2")
    bridge = {"width": 2, "mean": base64.b64encode(np.zeros(3, "<f2").tobytes()).decode(),
              "way": base64.b64encode(way.tobytes()).decode()}  # fmt: skip
    return Exemplars.of(known, bridge)


NEAR, FAR = exemplar("That is a lot to carry.", (100, 0)), exemplar("Take all the time you need.", (0, 100))


def texts(
    exemplars: Exemplars, plan: Plan = PLAN, message: str = "my dog died", past: tuple[Any, ...] = ()
) -> list[str]:
    return [each.text for each in exemplars.replies(Message(message), MEANING, SAD, plan, past, WRITTEN)]


def test_the_nearest_sentence_takes_the_place_of_the_composer_s_own_thought() -> None:
    (reply,) = of(FAR, NEAR).replies(Message("my dog died"), MEANING, SAD, PLAN, (), WRITTEN)
    assert reply.text == "I'm sorry about your dog. That is a lot to carry. What was he like?"
    assert any("logs" in why for why in reply.why)
    assert reply.phrases == ("watched.That i",)


def test_a_question_takes_the_place_of_a_question() -> None:
    assert texts(of(exemplar("Who is with you?", (100, 0), "ask"))) == [
        "I'm sorry about your dog. It makes sense that it hurts. Who is with you?"
    ]


def test_a_sentence_about_something_is_said_only_to_somebody_who_spoke_of_it() -> None:
    of_dogs = of(exemplar("Dogs are family.", (100, 0), needs=["dog"]))
    assert texts(of_dogs)
    assert not texts(of_dogs, message="my cat died")
    assert {"dog", "died"} <= stems_of("My dog's gone, he died.")


def test_nothing_is_said_twice_in_a_conversation() -> None:
    before = sample_turn()
    said = replace(before, reply=replace(before.reply, text="That is a lot to carry."))
    assert not texts(of(NEAR), past=(said,))
    asked = replace(before, reply=replace(before.reply, text="Who is with you now?"))
    assert not texts(of(exemplar("Who is with you?", (100, 0), "ask")), past=(asked,))


def test_where_the_plan_must_do_something_or_the_mood_is_another_nothing_is_offered() -> None:
    assert not texts(of(NEAR), replace(PLAN, must=("safety question",)))
    assert not texts(of({**NEAR, "mood": "bright"}))
    assert not texts(of(exemplar("What a day!", (100, 0))), replace(PLAN, must_not=("exclamation",)))
    assert not of(NEAR).replies(Message("x"), b"\0" * 8, SAD, PLAN, (), WRITTEN)
    assert not of().replies(Message("x"), MEANING, SAD, PLAN, (), WRITTEN)
