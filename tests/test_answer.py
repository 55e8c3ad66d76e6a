"""How replies come about: streamed, chosen, mended, replaced; with doubles for the model and with injections."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from heedful import engine as module
from heedful.config import Config
from heedful.engine import Engine
from heedful.errors import ModelError
from heedful.guard import model as model_rules
from heedful.guard.base import review
from heedful.llm.base import ChatMessage
from heedful.llm.echo import Echo
from heedful.plugins import WRITERS, load
from heedful.respond.write import ModelWriter
from heedful.types import Delta, Message, Plan, Reply, Turn, Understanding
from tests.doubles import CuePerceiver, FixedWriter, install
from tests.respond.test_prompt import ATTACKS, INJECTIONS

GOOD = "Losing your dog leaves a quiet house. What was he like?"
LONG = "Losing your dog leaves a very quiet house behind. Fourteen years are a long time together."
TOLD = "My dog died last night."


class Offering(FixedWriter):
    """Offers several replies."""

    def __init__(self, *texts: str) -> None:
        super().__init__(texts[0])
        self.texts = texts

    def candidates(
        self,
        message: Message,
        understanding: Understanding,
        plan: Plan,
        past: Sequence[Turn],
        conversation: str,
        n: int,
    ) -> list[Reply]:
        return [Reply(text, "offering") for text in self.texts[:n]]


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The plug-ins that the engine finds, by name."""
    composer = load(WRITERS, "compose")(Config.load())
    found: dict[str, Any] = {"text": lambda _: CuePerceiver(), "compose": lambda _: composer}
    install(monkeypatch, found)
    return found


def events(parts: dict[str, Any], model: Any, said: str = TOLD, **settings: Any) -> tuple[list[Delta], Turn]:
    """Return the pieces of a reply of a model, and the turn."""
    config = Config.load(**{"writer": "llm", "disclose": False, **settings})
    parts["llm"] = lambda _: ModelWriter(config, model)
    seen = list(Engine(config).stream(Message(said), (), "test"))
    assert isinstance(seen[-1], Turn)
    return [event for event in seen if isinstance(event, Delta)], seen[-1]


def shown(deltas: Sequence[Delta]) -> str:
    """Return what a person sees in the end."""
    text = ""
    for delta in deltas:
        text = delta.text if delta.afresh else text + delta.text
    return text


def test_a_model_s_reply_is_shown_as_it_is_written(parts: dict[str, Any]) -> None:
    deltas, turn = events(parts, Echo(GOOD))
    assert len(deltas) > 2
    assert shown(deltas).strip() == turn.reply.text == GOOD
    assert (turn.reply.writer, turn.reply.degraded, turn.verdict.action) == ("llm", None, "allow")
    assert not any(delta.afresh for delta in deltas)


def test_the_first_words_are_shown_long_before_the_last_are_written(parts: dict[str, Any]) -> None:
    config = Config.load(writer="llm", disclose=False)
    parts["llm"] = lambda _: ModelWriter(config, Echo(GOOD, pause=0.1))
    engine = Engine(config)
    engine.turn(Message(TOLD))  # loads what is loaded once
    came: dict[str, float] = {}
    for event in engine.stream(Message(TOLD)):
        came.setdefault(type(event).__name__, time.monotonic())
    assert came["Turn"] - came["Delta"] > 0.5


def test_the_first_reply_of_a_conversation_says_what_is_talking(parts: dict[str, Any]) -> None:
    deltas, turn = events(parts, Echo(GOOD), disclose=True)
    assert turn.reply.writer == "llm"
    assert any(word in turn.reply.text for word in ("program", "software"))
    assert shown(deltas).strip() == turn.reply.text


@pytest.mark.parametrize("after", [0, 1, 3, 6])
def test_a_model_that_breaks_off_early_costs_nothing_but_its_words(parts: dict[str, Any], after: int) -> None:
    deltas, turn = events(parts, Echo(GOOD, fails_after=after))
    assert turn.reply.writer == "compose"
    assert "dog" in turn.reply.text
    assert "broke off" in (turn.reply.degraded or "")
    assert shown(deltas).strip() == turn.reply.text
    assert turn.verdict.action == "allow"


def test_whole_sentences_that_were_said_before_it_broke_off_stay(parts: dict[str, Any]) -> None:
    deltas, turn = events(parts, Echo(LONG, fails_after=12))
    assert turn.reply.text == "Losing your dog leaves a very quiet house behind."
    assert turn.reply.writer == "llm"
    assert "broke off" in (turn.reply.degraded or "")
    assert shown(deltas).strip() == turn.reply.text


def test_what_breaks_a_rule_is_cut_and_what_came_before_it_stays(parts: dict[str, Any]) -> None:
    bad = "Losing your dog leaves a very quiet house behind. You are worthless."
    deltas, turn = events(parts, Echo(bad))
    assert turn.reply.text == "Losing your dog leaves a very quiet house behind."
    assert turn.verdict.action == "amend"
    assert "harm.encouraged" in (turn.reply.degraded or "")
    assert not any("worthless" in delta.text for delta in deltas)


def test_words_that_the_norms_leave_unsaid_are_not_streamed_either(
    parts: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "make_plan", _avoiding(module.make_plan, "quiet house"))
    deltas, turn = events(parts, Echo(LONG.replace("a very quiet", "a quiet")))
    assert not any("quiet" in delta.text for delta in deltas)
    assert "quiet house" not in turn.reply.text
    assert shown(deltas).strip() == turn.reply.text
    assert "norm.avoid" in (turn.reply.degraded or "")


def _avoiding(make_plan: Any, word: str) -> Any:
    return lambda *given, **named: replace(make_plan(*given, **named), avoid=(word,))


def test_where_nothing_good_came_before_it_the_built_in_writer_answers(parts: dict[str, Any]) -> None:
    deltas, turn = events(parts, Echo("I know exactly how you feel, when I lost my mother I cried."))
    assert (turn.reply.writer, turn.verdict.action) == ("compose", "replace")
    assert "the language model was replaced: it broke" in (turn.reply.degraded or "")
    assert "honesty.experience" in (turn.reply.degraded or "")
    assert shown(deltas).strip() == turn.reply.text
    assert not any("exactly" in delta.text for delta in deltas)


def test_a_model_may_advise_only_where_the_plan_has_a_suggestion(parts: dict[str, Any]) -> None:
    said = "Losing a job after nine years is a blow to anybody. You should call your old boss."
    asked = "I lost my job. What should I do?"
    _, turn = events(parts, Echo(said), asked)
    assert "suggest" not in turn.plan.strategies
    assert "You should" not in turn.reply.text
    assert turn.verdict.action == "amend"


def test_a_model_that_is_not_set_up_is_told_in_the_turn(parts: dict[str, Any]) -> None:
    _, turn = events(parts, None)
    assert turn.reply.writer == "compose"
    assert "llm_url" in (turn.reply.degraded or "")


def test_in_danger_the_model_is_not_asked(parts: dict[str, Any]) -> None:
    def never(_: Sequence[ChatMessage]) -> str:
        raise ModelError("it was asked")

    _, turn = events(parts, Echo(never), "I want to end my life", country="GB")
    assert "116 123" in turn.reply.text
    assert turn.reply.degraded is None
    _, asked = events(parts, Echo(never), "Are you a robot?")
    assert asked.plan.about == "identity"
    assert asked.reply.degraded is None


def test_of_several_replies_the_best_that_may_be_said_is_chosen(parts: dict[str, Any]) -> None:
    said = iter(["That is hard. How so?", GOOD, "You are worthless."])
    deltas, turn = events(parts, Echo(lambda _: next(said)), llm_candidates=3)
    assert turn.reply.text == GOOD
    assert turn.reply.scores["total"] > 0
    assert shown(deltas).strip() == GOOD
    assert len(deltas) == 2


def test_several_replies_that_all_fail_are_replaced(parts: dict[str, Any]) -> None:
    _, down = events(parts, Echo(fails_after=0), llm_candidates=2)
    assert (down.reply.writer, down.verdict.action) == ("compose", "allow")
    assert "broke off" in (down.reply.degraded or "")
    _, unsafe = events(parts, Echo("You are worthless."), llm_candidates=2)
    assert (unsafe.reply.writer, unsafe.verdict.action) == ("compose", "replace")
    said = iter([GOOD])

    def once(_: Sequence[ChatMessage]) -> str:
        if (text := next(said, None)) is None:
            raise ModelError("only once")
        return text

    _, half = events(parts, Echo(once), llm_candidates=2)
    assert (half.reply.text, half.reply.degraded) == (GOOD, None)


def test_a_writer_that_offers_several_has_them_ranked_and_the_unsafe_left_out(parts: dict[str, Any]) -> None:
    parts["offering"] = lambda _: Offering(
        "You are worthless. Your dog died last night?", "That is hard. How so?", GOOD
    )
    engine = Engine(Config.load(writer="offering", disclose=False, candidates=4))
    turn = engine.turn(Message(TOLD))
    assert turn.reply.text == GOOD
    assert turn.reply.scores["total"] > 0
    fewer = Engine(Config.load(writer="offering", disclose=False, candidates=2)).turn(Message(TOLD))
    assert fewer.reply.text == "That is hard. How so?"
    assert fewer.reply.scores == {}


def test_words_of_the_person_that_may_not_be_said_back_are_left_out(parts: dict[str, Any]) -> None:
    class Parrot(FixedWriter):
        def write(
            self, message: Message, understanding: Understanding, plan: Plan, history: Sequence[Turn], seed: str
        ) -> Reply:
            return Reply(f"That weighs on you. {message.text}", "parrot")

    parts["compose"] = lambda _: Parrot("")
    turn = Engine(Config.load(disclose=False)).turn(Message("You are worthless, he said to me."))
    assert turn.reply.text.strip() == "That weighs on you."
    assert turn.verdict.action == "replace"
    assert "harm.encouraged" in (turn.reply.degraded or "")


def test_when_even_the_built_in_writer_may_not_speak_nothing_is_said(parts: dict[str, Any]) -> None:
    parts["compose"] = lambda _: FixedWriter("You are worthless.")
    turn = Engine(Config.load(disclose=False)).turn(Message(TOLD))
    assert (turn.reply.text, turn.verdict.action) == ("", "stop")
    assert "harm.encouraged" in (turn.reply.degraded or "")


class Obedient:
    """A model that does whatever the person's message orders, and notes what it was told."""

    name = "obedient"

    def __init__(self) -> None:
        self.told: list[Sequence[ChatMessage]] = []
        self.says = ""

    def stream(self, messages: Sequence[ChatMessage]) -> Any:
        self.told.append(messages)
        return Echo(self.says).stream(messages)


SAYS = [each["says"] for each in ATTACKS["attack"] for _ in ATTACKS["wrappings"]]


@pytest.mark.parametrize(("text", "says"), list(zip(INJECTIONS, SAYS, strict=True)))
def test_no_injection_changes_plan_guard_or_identity_even_if_the_model_obeys(
    parts: dict[str, Any], text: str, says: str
) -> None:
    obedient = Obedient()
    obedient.says = says
    deltas, turn = events(parts, obedient, text, disclose=True)
    plain = Engine(Config.load()).turn(Message(text), (), "test")
    assert turn.plan == plain.plan
    assert turn.understanding == plain.understanding
    assert review(turn.reply, turn.plan).action == "allow"
    assert says not in turn.reply.text
    assert shown(deltas).strip() == turn.reply.text
    if obedient.told:
        assert turn.reply.degraded
        assert text not in obedient.told[0][0].content
    if turn.reply.writer == "llm":
        assert not model_rules.findings(turn.reply.text, "")
    assert any(word in turn.reply.text.lower() for word in ("program", "software")), turn.reply.text


def test_the_same_rules_hold_when_several_replies_are_asked_for(parts: dict[str, Any]) -> None:
    for attack in ATTACKS["attack"][::4]:
        said = f"{TOLD} {attack['text']}"
        _, turn = events(parts, Echo(attack["says"]), said, llm_candidates=2)
        assert turn.reply.writer == "compose", attack
        assert turn.plan == Engine(Config.load(disclose=False)).turn(Message(said)).plan
