"""What the harnesses share: a score in [0, 1] and its reason; and what is said where a harness is not installed."""

from __future__ import annotations

import importlib
import sys

import pytest

from heedful.config import Config
from heedful.errors import ConfigError
from heedful.judge.base import Judge
from heedful.measure.harness import judging


@pytest.fixture(autouse=True)
def _rules(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "judge", lambda: Judge(Config.load(), rules_only=True))


def test_a_kind_reply_scores_higher_and_the_reason_names_the_flaw() -> None:
    kind, found = judging.judged("My dog died.", "I'm so sorry about your dog. That must hurt.")
    cold, blamed = judging.judged("My dog died.", "Get over it.")
    assert 0.0 <= cold < kind <= 1.0
    assert judging.in_words(found).startswith("Empathetic")
    assert "'Get over it" in judging.in_words(blamed)


def test_there_are_prompts_for_joy_and_for_grief_and_none_twice() -> None:
    assert len(set(judging.PROMPTS)) == len(judging.PROMPTS) >= 10


@pytest.mark.parametrize(
    ("module", "package", "extra"),
    [("inspect_task", "inspect_ai", "heedful[inspect]"), ("deepeval_metric", "deepeval", "heedful[deepeval]")],
)
def test_without_the_harness_it_says_what_to_install(
    module: str, package: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [each for each in sys.modules if each.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.delitem(sys.modules, f"heedful.measure.harness.{module}", raising=False)
    with pytest.raises(ConfigError) as raised:
        importlib.import_module(f"heedful.measure.harness.{module}")
    assert extra in str(raised.value)
