"""Assistants come from files, functions and endpoints, and are compared on the same prompts by the same judge."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from heedful.config import Config
from heedful.errors import InputError
from heedful.judge.base import Judge
from heedful.measure.assistant import asked, compare, from_callable, from_file, from_url, raters_agree, replier
from heedful.measure.contest import Contest, Rating
from heedful.measure.reaction import replies_of
from heedful.measure.runner import Options

PROMPTS = ("My dog died.", "I failed my exam.", "I lost my job.", "My flight was cancelled.", "I feel so alone.", "Hm.")
KIND = ("I'm so sorry. That must hurt.",) * 6
COLD = ("Get over it.",) * 6
JUDGE = Judge(Config.load(), rules_only=True).judge


@pytest.fixture(autouse=True)
def _few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heedful.measure.strength.RESAMPLES", 30)


def echo(prompt: str) -> str:
    return f"You say: {prompt}"


def test_the_kinder_assistant_is_stronger_by_the_judge_and_by_people() -> None:
    ratings = tuple(
        Rating(row, name, rater, value)
        for row in range(6)
        for name, value in (("kind", 5.0), ("cold", 1.0))
        for rater in ("kim", "sam")
    )
    contest = Contest(PROMPTS, {"kind": KIND, "cold": COLD}, 5.0, ratings)
    result = compare(contest, JUDGE)
    kind, cold = ({figure.name: figure for figure in column.figures} for column in result.columns)
    for name in ("judged empathetic", "strength by the judge", "mean rating by people, 1 to 5", "strength by people"):
        assert kind[name].value > cold[name].value
    assert cold["something wrong with it"].value == 1.0
    assert (result.n, kind["strength by people"].n) == (6, 6)
    assert "Krippendorff's alpha: 1.00" in raters_agree(contest)


def test_who_was_not_rated_has_no_figures_by_people() -> None:
    result = compare(Contest(PROMPTS, {"kind": KIND, "cold": COLD}, 5.0), JUDGE)
    assert not any("people" in figure.name for column in result.columns for figure in column.figures)
    with pytest.raises(InputError, match="at least one prompt"):
        compare(Contest((), {}, 5.0), JUDGE)


def test_replies_are_read_by_prompt_or_by_place(tmp_path: Path) -> None:
    lines, rows = tmp_path / "replies.txt", tmp_path / "replies.jsonl"
    lines.write_text("one\ntwo\n", encoding="utf-8")
    rows.write_text(
        "".join(json.dumps({"prompt": p, "reply": r}) + "\n" for p, r in (("b", "two"), ("a", "one"))), encoding="utf-8"
    )
    assert from_file(lines, ("a", "b")) == from_file(rows, ("a", "b")) == ("one", "two")
    with pytest.raises(InputError, match="2 replies, one per line, for 3"):
        from_file(lines, ("a", "b", "c"))
    with pytest.raises(InputError, match="no reply to 1 of 2"):
        from_file(rows, ("a", "c"))
    rows.write_text("[1]\n", encoding="utf-8")
    with pytest.raises(InputError, match="each line"):
        from_file(rows, ("a",))


def test_a_function_answers_every_prompt() -> None:
    answer = from_callable(f"{__name__}:echo") if __name__ in __import__("sys").modules else echo
    replies = replies_of(replier("echo", answer, ""), asked(PROMPTS, "ours"), Options(cache=None))
    assert replies[0].text == "You say: My dog died."
    for wrong in ("no_such_module:f", "json:no_such", "json", "json:__name__"):
        with pytest.raises(InputError):
            from_callable(wrong)


def test_an_endpoint_is_asked_for_a_reply_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[object] = []

    class Model:
        def __init__(self, *arguments: object) -> None:
            heard.append(arguments)

        def stream(self, messages: object) -> list[str]:
            heard.append(messages)
            return ["I'm ", "sorry. "]

    monkeypatch.setattr("heedful.llm.openai_api.OpenAIModel", Model)
    monkeypatch.setenv("THEIR_KEY", "secret")
    assert from_url("http://localhost:1/v1", "tiny", "THEIR_KEY")("My dog died.") == "I'm sorry."
    assert heard[0] == ("http://localhost:1/v1", "tiny", "secret", 60.0)
