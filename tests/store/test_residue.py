from __future__ import annotations

from pathlib import Path

import pytest

from heedful.store import residue
from heedful.store.residue import FRAGMENT, files_in, fragments, search


@pytest.mark.parametrize("cut", [0, 1, 2**22 - 3, 2**22, 2**22 + 5])
def test_a_needle_is_found_wherever_it_lies(tmp_path: Path, cut: int) -> None:
    (tmp_path / "deep").mkdir()
    path = tmp_path / "deep" / "file"
    path.write_bytes(b"." * cut + b"needle in here" + b"." * 100)
    assert search(files_in(tmp_path), [b"needle in here", b"no such thing"]) == {b"needle in here": path}


def test_a_file_that_went_away_holds_nothing(tmp_path: Path) -> None:
    assert search([tmp_path / "gone"], [b"x"]) == {}


@pytest.mark.parametrize("length", [0, 10, FRAGMENT, 5000])
def test_every_page_of_a_record_holds_a_fragment(length: int) -> None:
    payload = "".join(chr(97 + number % 26) for number in range(length))
    pieces = list(fragments(payload))
    assert all(piece.decode() in payload for piece in pieces)
    for start in range(0, length - 1024, 64):
        page = payload[start : start + 1024].encode()
        assert any(piece in page for piece in pieces)


def test_the_chunks_of_a_search_overlap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(residue, "_CHUNK", 8)
    path = tmp_path / "file"
    path.write_bytes(b"abcdefghijklmnopqrstuvwxyz")
    assert set(search([path], [b"fghijklmn", b"xyz", b"zyx"])) == {b"fghijklmn", b"xyz"}
