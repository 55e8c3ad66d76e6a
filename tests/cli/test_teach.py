from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from heedful.cli import main
from heedful.cli.teach import labelled
from heedful.errors import InputError
from heedful.models.manifest import card
from tests.learn.test_head import sample
from tests.networks import weights, write_network

__all__ = ["weights"]
Run = Callable[..., Any]


@pytest.fixture
def run(weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return what runs `heedful` with the tiny network as its reader, in an empty folder."""
    write_network(weights, name="reader")
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")

    def invoke(*arguments: str) -> Any:
        return CliRunner().invoke(main.app, list(arguments), catch_exceptions=False)

    return invoke


def write_labels(path: Path, *extra: tuple[str, str], columns: tuple[str, str] = ("text", "label")) -> None:
    given = sample()
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = zip(given.texts, (each[0] for each in given.labels), strict=True)
        csv.writer(file).writerows([columns, *rows, *extra])


def test_labels_become_a_network_that_analyze_reads_with(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write_labels(Path("labels.csv"), ("i am sad", ""))
    done = run("models", "train-head", "labels.csv", "--text", "text", "--label", "label")
    assert done.exit_code == 0, done.output
    assert "label: learnt from 58 texts, tuned on 10, measured on 12." in done.stdout
    assert "1.000 (1.000 to 1.000)  accuracy" in done.stdout
    assert "line 82: has no label in 'label'" in done.stderr
    said = json.loads(run("analyze", "--reader", "./heedful-label", "i am sad , my dog died").stdout)["heedful"]
    assert said["own"]["label"]["chosen"] == ["low"]
    assert "heedful-label" in run("models", "./heedful-label").stdout
    assert "heedful-label" not in run("models").stdout
    Path("settings.toml").write_text('reader = "./heedful-label"')
    monkeypatch.setenv("HEEDFUL_CONFIG", "settings.toml")
    assert {each["name"] for each in json.loads(run("models", "--json").stdout)} == {"reader", "heedful-label"}


def test_the_head_the_folder_and_the_class_can_be_named(run: Run) -> None:
    write_labels(Path("labels.csv"), columns=("said", "Its Mood"))
    arguments = ("models", "train-head", "labels.csv", "--text", "said", "--label", "Its Mood")
    assert run(*arguments, "--data-class", "open").exit_code == 0
    assert card("./heedful-its_mood").data_class == "open"
    assert run(*arguments, "--name", "mood", "--out", "mine").exit_code == 0
    assert set(card("./mine").heads) == {"fine", "cause", "mood"}
    assert run(*arguments, "--name", "mood", "--out", "mine").exit_code == 2
    assert run(*arguments, "--name", "mood", "--out", "mine", "--overwrite").exit_code == 0


def test_several_labels_are_separated(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"text": "a", "label": "x| y |"}\n{"text": "b", "label": ""}\n{"text": "c", "label": ["z", "x"]}\n'
    )
    given, left_out = labelled(path, "text", "label", "|", 100)
    assert (given.labels, given.several, left_out) == ((("x", "y"), (), ("z", "x")), True, [])
    given, left_out = labelled(path, "text", "label", None, 100)
    assert (given.labels, len(left_out)) == ((("x| y |",),), 2)


def test_numbers_are_labels_too_and_texts_too_long_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "a", "label": 1}\n{"text": "' + "b" * 99 + '", "label": 2}\nnot json\n')
    given, left_out = labelled(path, "text", "label", None, 50)
    assert given.labels == (("1",),)
    assert ["99 characters" in left_out[0].reason, "not JSON" in left_out[1].reason] == [True, True]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.txt", "text", "expected .jsonl, .csv, .parquet"),
        ("missing.csv", "text", "not a file"),
        ("a.csv", "said", "has no column 'said'"),
        ("b.csv", "text", "has no column 'label'; its columns: text, mood"),
    ],
)
def test_a_file_without_labels_is_refused(tmp_path: Path, name: str, text: str, said: str) -> None:
    (tmp_path / "a.txt").write_text("text")
    (tmp_path / "a.csv").write_text("text,label\na,b\n")
    (tmp_path / "b.csv").write_text("text,mood\na,b\n")
    with pytest.raises(InputError, match=said):
        labelled(tmp_path / name, text, "label", None, 100)
