import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from heedful.cli.main import app
from heedful.cli.sound import clock, recordings_of
from heedful.errors import InputError
from tests.networks import weights
from tests.voices import silence, spoken, write_voice_network, write_wav

__all__ = ["weights"]
CALL = np.concatenate([silence(0.5), spoken(2.0), silence(1.0), spoken(1.5, pitch=230.0), silence(0.5)])


@pytest.fixture
def call(weights: Path, tmp_path: Path) -> Path:
    write_voice_network(weights)
    return write_wav(tmp_path / "call.wav", CALL)


def run(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["analyze", *arguments])
    return done.exit_code, done.stdout, done.stderr + str(done.exception or "")


def test_a_recording_is_read_utterance_by_utterance(call: Path) -> None:
    code, out, _ = run(str(call))
    assert code == 0
    told = json.loads(out)["heedful"]
    assert told["seconds"] == pytest.approx(len(CALL) / 16_000, abs=0.01)
    assert len(told["utterances"]) == 2
    assert told["reading"]["modality"] == "voice"
    assert told["utterances"][0]["reading"]["prosody"]["pitch_hz"] > 60


def test_folders_are_searched_and_what_cannot_be_read_is_told(call: Path, tmp_path: Path) -> None:
    folder = tmp_path / "calls" / "monday"
    folder.mkdir(parents=True)
    write_wav(folder / "one.wav", CALL)
    (folder / "two.wav").write_text("no sound")
    (folder / "notes.txt").write_text("not looked at")
    out = tmp_path / "all.jsonl"
    code, _, said = run(str(folder.parent), "--out", str(out))
    assert code == 0
    first, second = (json.loads(line) for line in out.read_text().splitlines())
    assert first["audio"].endswith("one.wav")
    assert "utterances" in first["heedful"]
    assert "cannot be read as sound" in second["heedful"]["error"]
    assert "2 recordings, 1 left out" in said.replace("\n", " ")


def test_json_lines_name_recordings_beside_themselves_and_keep_their_fields(call: Path, tmp_path: Path) -> None:
    rows = tmp_path / "calls.jsonl"
    rows.write_text(json.dumps({"audio": "call.wav", "agent": 7}) + "\n\n")
    code, out, _ = run(str(rows))
    assert code == 0
    assert json.loads(out)["agent"] == 7
    assert json.loads(out)["heedful"]["utterances"]


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_a_recording_is_drawn(call: Path, tmp_path: Path, kind: str) -> None:
    target = tmp_path / f"chart.{kind}"
    code, _, _ = run(str(call), "--plot", str(target))
    assert code == 0
    assert target.read_bytes()[:5] in (b"\x89PNG\r", b"<?xml")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--plot", "chart.gif"], "png or .svg"),
        (["--out", "x.csv"], "jsonl"),
        (["--explain"], "for text"),
    ],
)
def test_what_does_not_fit_recordings_is_refused(call: Path, more: list[str], said: str) -> None:
    code, _, error = run(str(call), *more)
    assert code != 0
    assert said in error


def test_a_chart_is_not_drawn_over_another_file(call: Path, tmp_path: Path) -> None:
    (tmp_path / "chart.png").write_text("mine")
    code, _, error = run(str(call), "--plot", str(tmp_path / "chart.png"))
    assert code != 0
    assert "--overwrite" in error
    assert (tmp_path / "chart.png").read_text() == "mine"


def test_at_work_no_recording_is_read(call: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "work.toml").write_text('setting = "workplace"')
    monkeypatch.setenv("HEEDFUL_CONFIG", str(tmp_path / "work.toml"))
    code, out, error = run(str(call))
    assert code != 0
    assert "Article 5(1)(f)" in error
    assert not out.strip().startswith("{")


def test_lines_that_name_no_recording_are_pointed_out(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text('{"audio": "a.wav"}\n{"sound": 1}\n')
    with pytest.raises(InputError, match="line 2"):
        list(recordings_of(tmp_path / "rows.jsonl"))


def test_times_read_as_on_a_clock() -> None:
    assert [clock(seconds) for seconds in (0.0, 59.96, 61.25, 3600.0)] == ["0:00.0", "1:00.0", "1:01.2", "60:00.0"]
