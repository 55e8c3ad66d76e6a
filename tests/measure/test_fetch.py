"""Datasets are fetched from a real server: whole, gone on with after a break, and never another file."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from heedful.cli.main import app
from heedful.errors import ConfigError, InputError
from heedful.measure import source as sources
from heedful.measure.fetch import fetch, owners_archive, target
from heedful.measure.source import catalog

CONTENT = bytes(number * 7 % 251 for number in range(300_000))
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Server(ThreadingHTTPServer):
    """Serves one file; may break off, refuse to go on, or go away."""

    breaks: list[int]
    ranges = True
    content = CONTENT
    asked: list[str | None]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        if self.path != "/file":
            self.send_error(404)
            return
        wanted = self.headers.get("range")
        self.server.asked.append(wanted)
        first = int(re.findall(r"\d+", wanted)[0]) if wanted and self.server.ranges else 0
        content = self.server.content
        if wanted and first >= len(content):
            self.send_error(416)
            return
        self.send_response(206 if wanted and self.server.ranges else 200)
        if wanted and self.server.ranges:
            self.send_header("content-range", f"bytes {first}-{len(content) - 1}/{len(content)}")
        rest = content[first:]
        self.send_header("content-length", str(len(rest)))
        self.end_headers()
        self.wfile.write(rest[: self.server.breaks.pop(0)] if self.server.breaks else rest)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server(("127.0.0.1", 0), Handler)
    made.breaks, made.asked = [], []
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join(10)


def url_of(server: Server, path: str = "file") -> str:
    return f"http://127.0.0.1:{server.server_port}/{path}"


def test_a_file_is_there_only_when_all_of_it_is_and_is_the_right_one(server: Server, tmp_path: Path) -> None:
    path, told = tmp_path / "deep" / "data.parquet", []
    assert fetch(url_of(server), path, SHA256, lambda *far: told.append(far)) == SHA256
    assert path.read_bytes() == CONTENT
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert [each.name for each in path.parent.iterdir()] == ["data.parquet"]


def test_a_connection_that_breaks_off_is_taken_up_where_it_did(server: Server, tmp_path: Path) -> None:
    server.breaks = [100_000, 50_000]
    fetch(url_of(server), tmp_path / "data", SHA256)
    assert (tmp_path / "data").read_bytes() == CONTENT
    assert server.asked == [None, "bytes=100000-", "bytes=150000-"]


def test_what_was_interrupted_for_good_is_gone_on_with_the_next_time(server: Server, tmp_path: Path) -> None:
    server.breaks = [90_000, 0, 0]
    with pytest.raises(ConfigError, match="90,000 bytes are kept"):
        fetch(url_of(server), tmp_path / "data", SHA256)
    assert not (tmp_path / "data").exists()
    server.asked.clear()
    fetch(url_of(server), tmp_path / "data", SHA256)
    assert (tmp_path / "data").read_bytes() == CONTENT
    assert server.asked == ["bytes=90000-"]


def test_a_server_that_cannot_go_on_starts_from_the_beginning(server: Server, tmp_path: Path) -> None:
    (tmp_path / "data.part").write_bytes(b"old")
    server.ranges = False
    fetch(url_of(server), tmp_path / "data", SHA256)
    assert (tmp_path / "data").read_bytes() == CONTENT


def test_another_file_is_refused_and_not_kept(server: Server, tmp_path: Path) -> None:
    (tmp_path / "data.part").write_bytes(b"of another file")
    with pytest.raises(InputError, match=SHA256):
        fetch(url_of(server), tmp_path / "data", SHA256)
    assert list(tmp_path.iterdir()) == []
    fetch(url_of(server), tmp_path / "data", SHA256)
    (tmp_path / "all.part").write_bytes(CONTENT)  # everything was here already
    fetch(url_of(server), tmp_path / "all", SHA256)


def test_without_a_known_sha256_the_first_one_is_kept_to(server: Server, tmp_path: Path) -> None:
    fetch(url_of(server), tmp_path / "data")
    server.content = CONTENT[::-1]
    with pytest.raises(InputError, match="another file"):
        fetch(url_of(server), tmp_path / "data")
    assert (tmp_path / "data").read_bytes() == CONTENT


def test_what_cannot_be_fetched_is_explained(server: Server, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="404"):
        fetch(url_of(server, "elsewhere"), tmp_path / "data", SHA256)
    with pytest.raises(ConfigError, match="Expected is an http"):
        fetch("ftp://127.0.0.1/x", tmp_path / "data", SHA256)
    server.shutdown()
    server.server_close()
    with pytest.raises(ConfigError, match="could not be fetched"):
        fetch(url_of(server), tmp_path / "data", SHA256)


def test_every_dataset_names_what_its_owners_publish_at_the_state_that_was_measured() -> None:
    for name, each in catalog().items():
        found = re.fullmatch(r"https://github\.com/[^/]+/[^/]+/archive/([0-9a-f]+)\.tar\.gz", owners_archive(each))
        assert found, name
        assert found[1] in each.url


def test_the_licence_is_shown_and_nothing_is_fetched_before_it_is_accepted(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEEDFUL_DATA", str(tmp_path))
    goemotions = catalog()["goemotions"]
    ours = sources.Source(
        goemotions.title, "text", goemotions.url, goemotions.licence, goemotions.columns, SHA256, goemotions.protocols
    )
    monkeypatch.setattr(sources, "catalog", lambda: {"goemotions": ours})
    command = ["measure", "data", "goemotions", "--fetch", "--from", url_of(server)]
    refused = CliRunner().invoke(app, command, input="n\n")
    assert refused.exit_code != 0
    assert "CC BY 4.0" in refused.output
    assert server.asked == []
    accepted = CliRunner().invoke(app, command, input="y\n")
    assert accepted.exit_code == 0, accepted.output
    assert target("goemotions", ours, table=True).read_bytes() == CONTENT
    assert sources.state("goemotions", ours) == "the same file"
    assert CliRunner().invoke(app, [*command, "--accept"]).exit_code == 0
