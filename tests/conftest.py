"""Keep tests away from the person who runs them: no settings, datasets or conversations of theirs are touched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import settings

# A busy machine is no failure of the code: slow examples are caught by the test's own timeout.
settings.register_profile("heedful", deadline=None, print_blob=True)
settings.load_profile("heedful")


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Give the run a home folder of its own, and none of the user's settings."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HOME", "USERPROFILE"):
            patch.setenv(name, str(home))
        patch.setenv("XDG_DATA_HOME", str(home / "data"))
        for name in ("HEEDFUL_CONFIG", "HEEDFUL_DATA", "COLUMNS", "FORCE_COLOR"):
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(autouse=True)
def deaf(monkeypatch: pytest.MonkeyPatch) -> None:
    """Understand by the words alone: the listener network is tried in tests of its own, and by measuring it."""
    monkeypatch.setattr("heedful.engine.Listener", lambda _: SimpleNamespace(hear=lambda *_: None))


GOEMOTIONS = (
    ("train", "What a view.", ["admiration"]),
    ("train", "It opens at nine.", ["neutral"]),
    ("train", "The train leaves from platform two.", ["neutral"]),
    ("dev", "What a lovely view.", ["admiration"]),
    ("test", "I passed, I passed!", ["joy", "excitement"]),
    ("test", "The shop is on the corner.", ["neutral"]),
    ("test", "My cat is gone and the house is silent.", ["grief", "sadness"]),
    ("test", "Why would they do that?", ["curiosity"]),
)
"""Rows of our own in the form of GoEmotions: split, text, labels."""


@pytest.fixture
def goemotions_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a data folder with a GoEmotions of eight rows, named by HEEDFUL_DATA."""
    import pyarrow as pa
    from pyarrow import parquet

    path = tmp_path / "text" / "goemotions.parquet"
    path.parent.mkdir()
    parquet.write_table(
        pa.table(dict(zip(("split", "text", "labels"), zip(*GOEMOTIONS, strict=True), strict=True))), path
    )
    monkeypatch.setenv("HEEDFUL_DATA", str(tmp_path))
    return tmp_path
