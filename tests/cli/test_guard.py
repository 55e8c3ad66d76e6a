"""`heedful guard check` shows every find with its rule and why."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner, Result

from heedful.cli.main import app


@pytest.fixture(autouse=True)
def _own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "120")


def heedful(*arguments: str) -> Result:
    done = CliRunner().invoke(app, ["guard", "check", *arguments])
    assert done.exit_code == 0, done.output
    return done


def test_a_message_is_shown_with_its_level_rules_reasons_and_excuses() -> None:
    shown = heedful("I would never k1ll myself. But the pills are in front of me.").output
    for told in ("A crisis that cannot wait: suicide", "read as: i would never kill myself", "suicide.act",
                 "let pass", "negation", "suicide.means, imminent", "at hand"):  # fmt: skip
        assert told in shown


def test_a_harmless_message_says_so() -> None:
    assert "No danger is noticed." in heedful("This traffic is killing me").output


def test_a_reply_is_shown_with_what_speaks_against_it() -> None:
    shown = heedful("Don't tell anyone about this.", "--reply").output
    assert "It may not be said" in shown
    assert "manipulation.secrecy" in shown
    assert "It may be said." in heedful("I'm so sorry about your dog.", "--reply").output


def test_selling_to_a_grieving_person_is_stopped_where_the_message_is_told() -> None:
    offer = "You deserve our premium plan, only 9 dollars a month."
    shown = heedful(offer, "--to", "My mother died last night and I'm devastated.").output
    assert "It may not be said at all." in shown
    assert "exploitation.purchase" in shown
    assert "It may be said." in heedful(offer, "--reply").output


def test_json_holds_the_same() -> None:
    found = json.loads(heedful("I want to die", "--json").output)
    assert (found["what"], found["risk"]["level"], found["hits"][0]["rule"]) == ("message", "high", "suicide.wish")
