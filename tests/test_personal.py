"""What people say is theirs: what is stored of it, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from heedful import Config, Heedful, InputError
from heedful.plugins import WRITERS, load
from heedful.store.residue import files_in
from tests.doubles import CuePerceiver, install
from tests.samples import sample_turn


@pytest.fixture(autouse=True)
def _parts(monkeypatch: pytest.MonkeyPatch) -> None:
    parts: dict[str, Any] = {"text": lambda _: CuePerceiver(), "compose": load(WRITERS, "compose")}
    install(monkeypatch, parts)


@pytest.fixture
def heedful(tmp_path: Path) -> Iterator[Heedful]:
    with Heedful(Config.load(data_folder=str(tmp_path))) as made:
        yield made


def in_files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in files_in(folder))


def test_a_name_is_answered_as_it_was_said_and_never_reaches_the_disk(heedful: Heedful, tmp_path: Path) -> None:
    turn = heedful.turn("My sister Xochitl died. Ring me: +44 20 7946 0958", conversation="c")
    assert "Xochitl" in (turn.message.text or "")
    heedful.turn("I keep calling Xochitl.", conversation="c")
    heedful.feedback(turn, comment="Xochitl Okafor would have liked it")
    assert heedful.turns("c")[0].message.text == "My sister [name] died. Ring me: [phone]"
    stored = in_files(tmp_path)
    assert not any(secret in stored for secret in (b"Xochitl", b"20 7946", b"Okafor"))


def test_a_conversation_goes_on_with_what_was_said_while_it_is_remembered(heedful: Heedful) -> None:
    heedful.turn("My sister Xochitl died.", conversation="c")
    later = heedful.turn("I feel lonely without her.", conversation="c")
    assert "[" not in later.reply.text
    assert later.understanding.told == 2


def test_after_a_restart_no_marker_is_said_back(heedful: Heedful, tmp_path: Path) -> None:
    heedful.turn("My sister Xochitl died last night.", conversation="c")
    heedful.close()
    with Heedful(Config.load(data_folder=str(tmp_path))) as again:
        replies = [again.turn(text, conversation="c").reply.text for text in ("I feel lonely.", "It hurts so much.")]
        assert not any("[name]" in reply for reply in replies)
        assert all("[name]" in (turn.message.text or "") for turn in again.turns("c")[:1])


def test_redaction_can_be_switched_off(tmp_path: Path) -> None:
    with Heedful(Config.load(data_folder=str(tmp_path), redact=False)) as heedful:
        turn = heedful.turn("My sister Xochitl died.", conversation="c")
        assert heedful.turns("c") == [turn]


def test_a_conversation_belongs_to_its_person_and_to_nobody_else(heedful: Heedful) -> None:
    heedful.turn("I feel lonely.", conversation="c", person="sam")
    assert heedful.turn("Still.", conversation="c").person == "sam"
    with pytest.raises(InputError, match="belongs to another person"):
        heedful.turn("Hello.", conversation="c", person="kim")
    assert len(heedful.turns("c")) == 2


def test_a_crisis_goes_on_in_a_new_conversation_only_with_consent(heedful: Heedful) -> None:
    heedful.turn("I want to die.", conversation="1", person="sam")
    assert heedful.turn("I passed!", conversation="2", person="sam").understanding.risk.level == "none"
    heedful.consent("sam", "crisis", "so that I need not say it again")
    third = heedful.turn("I passed!", conversation="3", person="sam").understanding.risk
    assert (third.level, third.kind, third.carried) == ("high", "suicide", True)
    assert heedful.turn("And I cooked.", conversation="3").understanding.risk.carried
    assert heedful.turn("I passed!", conversation="4", person="kim").understanding.risk.level == "none"
    assert heedful.turn("I passed!", conversation="5").understanding.risk.level == "none"
    heedful.withdraw("sam", "crisis")
    assert heedful.turn("I passed!", conversation="6", person="sam").understanding.risk.level == "none"


def test_somebody_who_said_that_they_are_safe_is_met_with_concern_later(heedful: Heedful) -> None:
    heedful.consent("sam", "crisis", "so that I need not say it again")
    heedful.turn("I want to die.", conversation="1", person="sam")
    heedful.turn("I am safe now, I promise.", conversation="1", person="sam")
    assert heedful.turn("I passed!", conversation="2", person="sam").understanding.risk.level == "concern"


def test_forgetting_leaves_nothing_behind_in_files_or_in_memory(heedful: Heedful, tmp_path: Path) -> None:
    turn = heedful.turn("My sister Xochitl left me.", conversation="talk-one", person="ismene")
    heedful.feedback(turn, rating=2, comment="too cold for me")
    heedful.consent("ismene", "crisis", "in words")
    told = heedful.export("ismene")
    assert (len(told.turns), len(told.feedback), len(told.consents)) == (1, 1, 1)
    erased = heedful.forget("ismene")
    assert (erased.turns, erased.feedback, erased.consents) == (1, 1, 1)
    for needle in (b"ismene", b"talk-one", b"Xochitl", b"too cold for me", turn.id.encode()):
        assert needle not in in_files(tmp_path)
    assert not heedful._memory._said
    assert [entry.kind for entry in heedful.audit()][-1] == "deletion"
    with pytest.raises(InputError, match="nothing is kept"):
        heedful.export("ismene")


def test_the_audit_log_accounts_for_what_happened_without_a_word_that_was_said(heedful: Heedful) -> None:
    heedful.turn("I want to die, says Xochitl", conversation="c", person="sam")
    entries = heedful.audit()
    assert {"model", "disclosure", "crisis"} <= {entry.kind for entry in entries}
    told = str([entry.to_dict() for entry in entries])
    assert not any(secret in told for secret in ("Xochitl", "want to die", "sam", "'c'"))


def test_a_network_is_entered_once_per_run(heedful: Heedful) -> None:
    for _ in range(3):
        heedful.turn("I feel lonely.")
    names = [str(entry.details["name"]) for entry in heedful.audit() if entry.kind == "model"]
    assert len(names) == 2
    assert "cues" in names


def test_what_is_old_is_erased_when_the_store_is_opened_and_when_asked(tmp_path: Path) -> None:
    old = replace(sample_turn(id="old"), at=datetime.now(UTC) - timedelta(days=40))
    with Heedful(Config.load(data_folder=str(tmp_path))) as keeps:
        keeps.store.add_turn(old)
    with Heedful(Config.load(data_folder=str(tmp_path))) as keeps:
        assert len(keeps.turns("sam")) == 1
    with Heedful(Config.load(data_folder=str(tmp_path), retention_days=30)) as erases:
        assert erases.turns("sam") == []
        assert erases.expire().turns == 0
        erases.store.add_turn(old)
        assert erases.expire(41).turns == 0
        assert erases.expire(39).turns == 1


def test_sound_is_never_kept_in_memory_or_on_disk(heedful: Heedful) -> None:
    heedful.turn("I'm Xochitl", audio=(np.zeros(16, dtype=np.float32), 16_000), conversation="a")
    assert all(turn.message.audio is None for turn in (*heedful._memory._said.values(), *heedful.turns("a")))
