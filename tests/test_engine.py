from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest

from heedful.config import Config
from heedful.engine import Engine
from heedful.errors import ConfigError, InputError
from heedful.plugins import WRITERS, load
from heedful.senses import modalities
from heedful.types import Audio, Delta, Image, Insight, Message, Plan, Reply, Turn
from tests.doubles import CuePerceiver, FixedWriter, install

SOUND = Audio.from_array(np.zeros(8, dtype=np.float32), 16_000)
PICTURE = Image.from_array(np.zeros((2, 2, 3), dtype=np.uint8))


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The plug-ins that the engine finds, by name."""
    found: dict[str, Any] = {"text": lambda _: CuePerceiver(), "compose": load(WRITERS, "compose")}
    install(monkeypatch, found)
    return found


def talk(engine: Engine, *texts: str) -> list[Turn]:
    turns: list[Turn] = []
    for text in texts:
        turns.append(engine.turn(Message(text), turns, "test"))
    return turns


def test_a_turn_holds_every_stage_with_its_time(parts: dict[str, Any]) -> None:
    (turn,) = talk(Engine(Config.load()), "My dog died last night.")
    assert turn.percept.feeling == "sadness"
    assert turn.understanding.event.kind == "pet_loss"
    assert "console" in turn.plan.strategies
    assert "dog" in turn.reply.text
    assert turn.verdict.action == "allow"
    assert {"perceive", "understand", "respond", "total"} <= set(turn.timings)
    assert turn.message.at is not None


def test_the_first_reply_says_that_this_is_software_and_later_ones_do_not(parts: dict[str, Any]) -> None:
    first, second = talk(Engine(Config.load()), "I feel lonely.", "Nobody calls me any more.")
    assert any(word in first.reply.text.lower() for word in ("program", "software"))
    assert not any(word in second.reply.text.lower() for word in ("program", "software"))


def test_a_long_conversation_is_reminded_that_this_is_software(parts: dict[str, Any]) -> None:
    turns = talk(Engine(Config.load(remind_every=3)), *["I feel lonely."] * 7)
    told = [any(word in turn.reply.text.lower() for word in ("program", "software")) for turn in turns]
    assert told == [True, False, False, False, True, False, False]
    assert all(turn.verdict.action == "allow" for turn in turns)


def test_disclosure_can_be_switched_off_but_not_when_asked(parts: dict[str, Any]) -> None:
    quiet, asked = talk(Engine(Config.load(disclose=False)), "I feel lonely.", "Are you a robot?")
    assert "program" not in quiet.reply.text
    assert asked.plan.about == "identity"
    assert any(word in asked.reply.text.lower() for word in ("program", "software"))


def test_a_crisis_is_met_first_and_stays_in_force(parts: dict[str, Any]) -> None:
    turns = talk(Engine(Config.load(country="GB")), "I want to die.", "my cat sat on me", "I passed my exam")
    assert [turn.understanding.risk.level for turn in turns] == ["high"] * 3
    assert [turn.understanding.risk.carried for turn in turns] == [False, True, True]
    assert turns[0].understanding.need == "safety"
    assert "116 123" in turns[0].reply.text
    assert all("crisis" in turn.plan.about for turn in turns)


def test_a_crisis_in_another_language_is_met_even_though_it_is_not_read() -> None:
    turn = Engine(Config.load(country="ES")).turn(Message("quiero morir"), (), "test")
    assert turn.understanding.risk.level == "high"
    assert turn.plan.resources


def test_a_reply_that_breaks_a_rule_is_replaced_and_says_so(parts: dict[str, Any]) -> None:
    parts["liar"] = lambda _: FixedWriter("I know exactly how you feel, when I lost my mother I cried too.")
    turn = Engine(Config.load(writer="liar")).turn(Message("My dog died last night."), (), "test")
    assert turn.verdict.action == "replace"
    assert turn.verdict.findings
    assert turn.reply.writer == "compose"
    assert "fixed was replaced" in (turn.reply.degraded or "")
    assert "my mother" not in turn.reply.text


def test_a_modality_without_a_perceiver_is_abstained_from_by_name(parts: dict[str, Any]) -> None:
    (percept,) = Engine(Config.load()).perceive([Message("I passed", audio=SOUND, image=PICTURE)])
    assert [reading.abstained for reading in percept.readings] == [
        None,
        "no perceiver for voice is installed",
        "no perceiver for face is installed",
    ]
    assert percept.feeling == "joy"


def test_every_stage_is_told_as_soon_as_it_is_done_and_the_turn_last(parts: dict[str, Any]) -> None:
    engine = Engine(Config.load())
    events = list(engine.stream(Message("My dog died last night."), (), "test"))
    assert [type(event).__name__ for event in events[:3]] == ["Percept", "Understanding", "Plan"]
    deltas = [event for event in events[3:-1] if isinstance(event, Delta)]
    turn = events[-1]
    assert isinstance(turn, Turn)
    assert len(deltas) == len(events) - 4 > 1
    assert "".join(delta.text for delta in deltas).strip() == turn.reply.text
    assert events[:3] == [turn.percept, turn.understanding, turn.plan]
    assert 0 < turn.timings["first_word"] <= turn.timings["total"]


def test_a_turn_is_a_stream_listened_to_till_its_end(parts: dict[str, Any]) -> None:
    engine = Engine(Config.load())
    alone = engine.turn(Message("I feel lonely."), (), "test")
    streamed = list(engine.stream(Message("I feel lonely."), (), "test"))[-1]
    assert isinstance(streamed, Turn)
    assert (streamed.reply, streamed.plan, streamed.verdict) == (alone.reply, alone.plan, alone.verdict)


def test_time_that_the_listener_takes_is_in_no_timing(parts: dict[str, Any]) -> None:
    engine = Engine(Config.load())
    engine.turn(Message("hello"))
    turn = None
    for event in engine.stream(Message("I feel lonely."), (), "test"):
        time.sleep(0.2)
        turn = event
    assert isinstance(turn, Turn)
    assert turn.timings["total"] < 200
    assert turn.timings["first_word"] < 200


def test_who_stops_listening_stops_the_writing(parts: dict[str, Any]) -> None:
    closed = []

    class Aloud(FixedWriter):
        def takes(self, plan: Plan) -> bool:
            return True

        def stream(self, *_: Any) -> Any:
            try:
                yield "Losing your dog "
                yield "leaves a quiet house. "
                yield "What was he like?"
                return Reply("Losing your dog leaves a quiet house. What was he like?", "aloud")
            finally:
                closed.append(True)

    parts["aloud"] = lambda _: Aloud("")
    events = Engine(Config.load(writer="aloud")).stream(Message("My dog died last night."))
    while not isinstance(next(events), Delta):
        pass
    assert not closed
    events.close()
    assert closed


def test_the_modalities_of_a_message_are_what_it_holds() -> None:
    assert modalities(Message("a", SOUND, None, (PICTURE,))) == ("text", "voice", "face", "gesture")
    with pytest.raises(InputError, match="the message is empty"):
        modalities(Message())


def test_many_messages_come_back_in_order_and_lazily(parts: dict[str, Any]) -> None:
    drawn = 0

    def source() -> Any:
        nonlocal drawn
        for number in range(1000):
            drawn += 1
            yield Message("scared" if number % 3 else "passed")

    percepts = Engine(Config.load()).perceive_many(source(), batch_size=4)
    assert next(percepts).feeling == "joy"
    assert drawn < 100
    assert [percept.feeling for percept in percepts][:3] == ["fear", "fear", "joy"]
    with pytest.raises(InputError, match="batch_size"):
        next(Engine(Config.load()).perceive_many([], batch_size=0))


def test_a_conversation_must_end_with_the_person(parts: dict[str, Any]) -> None:
    engine = Engine(Config.load())
    with pytest.raises(InputError, match="speaker 'person'"):
        engine.understand([Message("hi"), Message("hello", speaker="assistant")])


def test_danger_said_earlier_counts_in_a_conversation_handed_over_whole(parts: dict[str, Any]) -> None:
    said = [Message("I want to die."), Message("Are you safe?", speaker="assistant"), Message("yes i guess")]
    assert Engine(Config.load()).understand(said).risk.level in {"high", "concern"}


@pytest.mark.parametrize("text", ["", "\x00", "\ud800", "?" * 1000, "😭" * 300, "a" * 5000, "\u202eabc", "I " * 2000])
def test_odd_messages_get_a_reply(text: str) -> None:
    turn = Engine(Config.load()).turn(Message(text), (), "odd")
    assert turn.reply.text


def test_many_threads_read_the_same_in_the_same_order(parts: dict[str, Any]) -> None:
    messages = [Message(("scared", "passed", "died", "calm")[number % 4] * (number % 7 + 1)) for number in range(900)]
    alone = list(Engine(Config.load()).perceive_many(messages, batch_size=8))
    assert list(Engine(Config.load(threads=3)).perceive_many(messages, batch_size=8)) == alone


def test_the_setting_and_the_culture_shape_the_plan(parts: dict[str, Any]) -> None:
    (home,) = talk(Engine(Config.load()), "I am scared.")
    (office,) = talk(Engine(Config.load(setting="workplace", culture="reserved")), "I am scared.")
    assert (home.plan.setting, home.understanding.norms) == ("companion", "companion")
    assert (office.plan.setting, office.understanding.norms) == ("workplace", "workplace + reserved")
    assert office.plan.formality == "formal"
    assert office.plan.sentences < home.plan.sentences


def test_a_pack_that_is_not_there_is_told_at_once() -> None:
    with pytest.raises(ConfigError, match="no norm pack 'martian'"):
        Engine(Config.load(culture="martian"))


def test_a_reply_against_the_norms_is_worded_again(parts: dict[str, Any]) -> None:
    parts["pious"] = lambda _: FixedWriter("I'm so sorry about your dog. It is quiet as a church there now.")
    plain = Engine(Config.load(writer="pious", disclose=False)).turn(Message("My dog died last night."), (), "test")
    assert "church" not in plain.reply.text
    assert plain.verdict.action == "allow"
    devout = Engine(Config.load(writer="pious", culture="faith", disclose=False))
    assert "church" in devout.turn(Message("My dog died last night."), (), "test").reply.text


def test_what_the_network_reads_is_understood_with_the_words() -> None:
    insight = Insight(situation={"lonely": 0.9, "sad": 0.1})
    said = [Message("It is like this every evening.")]
    engine = Engine(Config.load())
    assert engine.understand(said, insight=insight).event.kind == "loneliness"
    assert engine.understand(said).event.kind != "loneliness"


def test_no_question_is_asked_again_even_by_a_writer_that_always_asks_the_same(parts: dict[str, Any]) -> None:
    parts["curious"] = lambda _: FixedWriter("That sounds hard. What happened?")
    turns = talk(Engine(Config.load(writer="curious", disclose=False)), "I feel so lonely.", "It hurts.", "Every day.")
    assert turns[0].reply.text.endswith("What happened?")
    assert turns[1].plan.asked == ("What happened?",)
    assert not any("What happened?" in turn.reply.text for turn in turns[1:])


def test_a_judgement_comes_with_the_reply_in_better_words(parts: dict[str, Any]) -> None:
    engine = Engine(Config.load(listener="there is none"))
    cruel, kind = engine.judge(
        [
            ("My dog died last night.", "It was only a dog. The vet is closed until Monday."),
            ("My dog died last night.", "I'm so sorry. How are you holding up?"),
        ],
        rewrite=True,
    )
    assert cruel.rewrite is not None
    assert "The vet is closed until Monday." in cruel.rewrite
    assert "only a dog" not in cruel.rewrite
    assert "sorry" in cruel.rewrite
    assert engine.judge([("My dog died last night.", cruel.rewrite)])[0].empathetic
    assert kind.rewrite is None


def test_nothing_is_rewritten_unasked_or_without_a_message(parts: dict[str, Any]) -> None:
    engine = Engine(Config.load(listener="there is none"))
    assert engine.judge([("My dog died.", "Get over it.")])[0].rewrite is None
    assert engine.judge([("", "Get over it.")], rewrite=True)[0].rewrite is None


def test_a_rewrite_in_a_crisis_names_who_can_help(parts: dict[str, Any]) -> None:
    engine = Engine(Config.load(listener="there is none", country="GB"))
    (judged,) = engine.judge([("I want to kill myself.", "Good idea.")], rewrite=True)
    assert [flag.rule for flag in judged.flags] == ["validating harm"]
    assert "116 123" in (judged.rewrite or "")


def test_a_reply_in_a_language_that_is_not_read_is_said_to_be_unread(parts: dict[str, Any]) -> None:
    engine = Engine(Config.load(listener="there is none"))
    (judged,) = engine.judge([("I failed.", "Reiß dich doch endlich einmal zusammen und mach weiter.")], rewrite=True)
    assert "language" in (judged.degraded or "")
    assert judged.rewrite is None
