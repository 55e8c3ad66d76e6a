"""`heedful analyze` on pictures and videos: what is printed, written and drawn; the faces are told, not found."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import PIL.Image
import pytest

from heedful.cli import factory
from heedful.labels import FACE
from heedful.perceive.face import Face
from heedful.perceive.find import Found
from heedful.types import Evidence, Image, Reading
from tests.cli.conftest import Run
from tests.cli.double import Double
from tests.test_video import write_video

SHARES = dict.fromkeys(FACE, 0.02) | {"happiness": 0.86}
GLAD = Reading("face", "m", SHARES, ("happiness",), valence=0.7, arousal=0.3, confidence=0.9)
NOD = Reading(
    "gesture", "m", {"nod": 0.8}, ("nod",), confidence=0.3, evidence=(Evidence("seconds", 0.2, 0.9, "nod", 0.5),)
)


class Seeing:
    """Sees one glad face in every picture that is not black, and a nod in every video."""

    def __init__(self) -> None:
        self.pushed = 0

    def faces(self, image: Image) -> list[Face]:
        return [Face(Found(4.0, 6.0, 20.0, 0.97), GLAD)] if image.pixels.any() else []

    def watch(self) -> Any:
        def push(_: Image, __: float) -> list[Reading]:
            self.pushed += 1
            return {1: [GLAD], 5: [NOD]}.get(self.pushed, [])

        return SimpleNamespace(push=push)

    def close(self) -> None:
        pass


@pytest.fixture
def seeing(monkeypatch: pytest.MonkeyPatch, doubles: list[Double]) -> Seeing:
    made = Seeing()
    monkeypatch.setattr(factory, "open_heedful", lambda _: made)
    return made


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.png"
    PIL.Image.fromarray(np.full((40, 60, 3), (250, 10, 10), np.uint8)).save(path)
    return path


@pytest.mark.usefixtures("seeing")
class TestPictures:
    def test_each_picture_is_a_line_of_json_in_a_pipe(self, heedful: Run, photo: Path) -> None:
        told = json.loads(heedful("analyze", photo).stdout)
        assert told["image"] == str(photo)
        (face,) = told["faces"]
        assert face["box"] == [4, 6, 20, 20]
        assert face["shows"] == ["happiness"]
        assert face["probabilities"]["happiness"] == 0.86

    def test_a_folder_is_read_whole_and_what_is_broken_is_told_without_stopping(
        self, heedful: Run, photo: Path
    ) -> None:
        (photo.parent / "broken.jpg").write_bytes(b"\xff\xd8 no more")
        (photo.parent / "notes.txt").write_text("no picture")
        done = heedful("analyze", photo.parent)
        assert [json.loads(line)["image"] for line in done.stdout.splitlines()] == [str(photo)]
        assert "broken.jpg" in done.stderr
        assert "1 of 2 could not be read" in done.stderr
        assert done.exit_code == 2

    def test_a_copy_is_drawn_with_boxes_and_the_picture_stays_as_it_is(self, heedful: Run, photo: Path) -> None:
        before = photo.read_bytes()
        drawn = photo.with_name("drawn.png")
        assert heedful("analyze", photo, "--plot", drawn).exit_code == 0
        with PIL.Image.open(drawn) as picture:
            assert picture.width > 700
            colours = {colour for _, colour in picture.convert("RGB").getcolors(1 << 20)}
            assert (224, 161, 0) in colours  # happiness
        assert photo.read_bytes() == before
        again = heedful("analyze", photo, "--plot", drawn)
        assert (again.exit_code, "there already" in again.stderr) == (2, True)

    def test_results_go_to_a_file_that_is_asked_for(self, heedful: Run, photo: Path) -> None:
        out = photo.with_name("seen.jsonl")
        assert heedful("analyze", photo, photo, "--out", out).exit_code == 0
        assert len(out.read_text().splitlines()) == 2

    @pytest.mark.parametrize(
        ("arguments", "told"),
        [
            (["--resume"], "are for text"),
            (["--out", "seen.csv"], ".jsonl"),
            (["--plot", "drawn.gif"], ".png"),
        ],
    )
    def test_what_pictures_do_not_have_is_refused(
        self, heedful: Run, photo: Path, arguments: list[str], told: str
    ) -> None:
        done = heedful("analyze", photo, *arguments)
        assert (done.exit_code, told in done.stderr) == (2, True)

    def test_a_sentence_cannot_be_drawn(self, heedful: Run) -> None:
        done = heedful("analyze", "a sad day", "--plot", "day.png")
        assert (done.exit_code, "give some" in done.stderr) == (2, True)


def test_a_video_is_watched_from_start_to_end_and_its_course_is_drawn(
    heedful: Run, seeing: Seeing, tmp_path: Path
) -> None:
    video = write_video(tmp_path / "clip.avi", seconds=1.0)
    told = json.loads(heedful("analyze", video, "--plot", tmp_path / "drawn").stdout)
    assert seeing.pushed == 12
    assert [reading["shows"] for reading in told["readings"]] == [["happiness"], ["nod"]]
    assert told["seconds"] == pytest.approx(0.96, abs=0.1)
    with PIL.Image.open(tmp_path / "drawn" / "clip.heedful.png") as picture:
        assert picture.size == (960, 460)
