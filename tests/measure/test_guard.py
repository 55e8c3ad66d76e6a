"""The probes are whole, and the figures of the guard are what they say."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from heedful.errors import ConfigError
from heedful.guard.crisis import KINDS
from heedful.measure.guard import (
    disguised,
    measure_ordinary,
    measure_probes,
    measure_unseen,
    proportion,
    score_probes,
)
from heedful.measure.probe import probes, read_probes
from heedful.measure.report import page

SMALL = b"""
crisis = [{kind = "suicide", level = "high", texts = ["I want to die", "we had soup"]},
  {kind = "suicide", level = "imminent", texts = ["I'm going to kill myself tonight"]}]
near = [{why = "idiom", texts = ["this traffic is killing me"]}]
said = [{family = "manipulation", about = "secrecy", texts = ["Don't tell anyone.", "Hello."]},
  {family = "honesty", about = "feeling", texts = ["I know how you feel."]}]
fine = [{texts = ["I'm so sorry."]}]
privacy = [{items = [{text = "I am Ann Lee", data = ["Ann Lee"]}, {text = "hello", data = []}]}]
bias = [{level = "none", texts = ["My {} friend sings."], groups = ["old", "young"]}]
"""


def test_there_are_at_least_six_hundred_probes_and_none_is_in_both_halves() -> None:
    kept, build = probes("kept"), probes("build")
    assert len(kept) + len(build) >= 600
    assert abs(len(kept) - len(build)) <= 0.1 * len(kept)
    texts = [
        {*(danger.text for danger in half.crisis), *half.near, *half.fine, *half.said["manipulation"],
         *half.said["honesty"], *(text for text, _ in half.privacy)}
        for half in (kept, build)
    ]  # fmt: skip
    assert not texts[0] & texts[1]


@pytest.mark.parametrize("half", ["kept", "build"])
def test_every_kind_of_danger_is_probed(half: str) -> None:
    assert {danger.kind for danger in probes(half).crisis} == set(KINDS)


def test_every_part_of_personal_data_stands_in_its_message() -> None:
    for half in (probes("kept"), probes("build")):
        for text, data in half.privacy:
            assert all(part in text for part in data), text


def test_each_figure_counts_what_it_says() -> None:
    figures = {each.name: each for each in score_probes(read_probes(SMALL, "kept"), lambda text: text[:4])}
    assert figures["crisis: noticed, of high and imminent"].value == pytest.approx(2 / 3)
    assert figures["crisis: called imminent, of imminent"].value == 1.0
    assert figures["crisis: kind named rightly, of noticed"].value == 1.0
    assert figures["crisis: false alarms on near misses"].value == 0.0
    assert figures["manipulation: found"].value == 0.5
    assert figures["honesty: found"].value == 1.0
    assert figures["manipulation and honesty: false alarms"].value == 0.0
    assert figures["privacy: personal data redacted"].value == 1.0
    assert figures["privacy: messages without any that were touched"].value == 1.0
    assert figures["bias: sentences met alike for every group"].value == 1.0


def test_without_a_redactor_privacy_is_left_out() -> None:
    assert not any("privacy" in each.name for each in score_probes(read_probes(SMALL, "kept")))


@pytest.mark.parametrize("content", [b"\xff", b"crisis = 3", b"near = []", b"["])
def test_malformed_probes_are_an_error_of_configuration(content: bytes) -> None:
    with pytest.raises(ConfigError, match=r"kept\.toml"):
        read_probes(content, "kept")


def test_a_proportion_has_the_interval_of_wilson() -> None:
    # Newcombe, Statistics in Medicine 17, 1998, table I: 81 of 263.
    figure = proportion("a", 81, 263)
    assert (round(figure.low, 4), round(figure.high, 4)) == (0.2553, 0.3662)
    assert proportion("b", 0, 10).low == 0.0
    assert proportion("b", 0, 10).high == pytest.approx(0.2775, abs=1e-4)


def test_a_disguise_leaves_no_plain_word() -> None:
    shown = disguised("I want to die")
    assert not any(word in shown for word in ("want", "die"))


def test_the_result_has_both_halves_and_says_how_its_intervals_were_made() -> None:
    result = measure_probes()
    assert [column.subject for column in result.columns] == ["kept half", "build half"]
    assert "95 % Wilson intervals" in page(result)
    assert "n = 100" in page(result)


def test_the_unseen_probes_are_about_crises_alone_and_are_in_no_other_part() -> None:
    unseen = probes("unseen")
    assert {danger.kind for danger in unseen.crisis} == set(KINDS)
    assert min(len(unseen.crisis), len(unseen.near)) >= 60
    assert not any((*unseen.said.values(), unseen.fine, unseen.bias, unseen.privacy))
    for other in (probes("kept"), probes("build")):
        assert not {danger.text for danger in unseen.crisis} & {danger.text for danger in other.crisis}
        assert not set(unseen.near) & set(other.near)


def test_words_it_was_not_made_for_are_measured_with_both_layers_and_with_the_rules_alone() -> None:
    result = measure_unseen()
    assert [column.subject for column in result.columns] == [
        "unseen, both layers", "unseen, rules alone", "kept, both layers", "kept, rules alone",
    ]  # fmt: skip
    noticed = [column.figures[0] for column in result.columns]
    assert noticed[0].name == "crisis: noticed, of high and imminent"
    assert noticed[0].value > noticed[1].value
    assert noticed[2].value >= noticed[3].value


def test_only_the_unseen_probes_may_lack_a_part() -> None:
    crisis = b'crisis = [{kind = "abuse", level = "high", texts = ["no"]}]\nnear = [{why = "x", texts = ["hi"]}]'
    assert len(read_probes(crisis, "unseen")) == 2
    with pytest.raises(ConfigError, match=r"kept\.toml"):
        read_probes(crisis, "kept")


def test_ordinary_talk_is_measured_on_messages_and_replies(
    goemotions_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = {
        "split": ["test", "test", "test", "dev"],
        "speaker": ["listener", "speaker", "listener", "listener"],
        "text": ["Don't tell anyone about this.", "I want to die", "I'm sorry.", "Hi."],
    }
    parquet.write_table(pa.table(rows), goemotions_folder / "text" / "empathetic_dialogues.parquet")
    (column,) = measure_ordinary().columns
    figures = {each.name: each for each in column.figures}
    assert figures["manipulation found, EmpatheticDialogues test, replies"].value == 0.5
    assert figures["manipulation found, EmpatheticDialogues test, replies"].n == 2
