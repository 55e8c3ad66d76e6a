from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from heedful.config import Config
from heedful.errors import NetworkError
from heedful.labels import FINE
from heedful.models import manifest
from heedful.models.encoder import TextEncoder
from heedful.models.manifest import card, require
from heedful.models.own import is_own
from heedful.perceive.text import TextPerceiver
from heedful.types import Message
from tests.networks import write_network

COMMIT = "0123456789" * 4


def changed(folder: Path, change: Callable[[dict[str, Any]], object]) -> str:
    """Change a network's card, and return the network's path."""
    told = json.loads((folder / "card.json").read_text())
    change(told)
    (folder / "card.json").write_text(json.dumps(told))
    manifest.card.cache_clear()
    return str(folder)


@pytest.fixture
def mine(weights: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a network that is not among the shipped ones."""
    return write_network(tmp_path_factory.mktemp("elsewhere"), name="mine")


@pytest.mark.parametrize(
    ("name", "own"),
    [("reader", False), ("hf:a/b", True), ("./reader", True), ("/a/b", True), ("~/a", True), ("a\\b", True)],
)
def test_a_name_is_told_from_a_path(name: str, own: bool) -> None:
    assert is_own(name) is own


def test_a_folder_replaces_the_reader(mine: Path) -> None:
    perceiver = TextPerceiver(Config.load(reader=str(mine)))
    (reading,) = perceiver.perceive([Message("i am sad .")])
    assert reading.expressed == ("sadness",)
    assert reading.model.startswith("mine-")


def test_a_folder_can_be_named_from_where_one_is(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(mine.parent)
    encoder = TextEncoder.open("./mine")
    monkeypatch.chdir("/")
    assert encoder.run(encoder.tokenize(["sad"]))["fine"].shape == (1, len(FINE))


def test_a_listener_is_opened_by_path_too_and_the_law_holds_for_it(weights: Path, tmp_path: Path) -> None:
    folder = write_network(tmp_path / "x", data_class="research")
    assert TextEncoder.open(Config.load(listener=str(folder)).listener).card.folder == folder
    with pytest.raises(NetworkError, match="commercial_only"):
        TextEncoder.open(str(folder), commercial_only=True)


def test_a_missing_folder_or_card_says_what_a_network_is(weights: Path, tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match=r"no folder .*nowhere.*card\.json, the network and tokenizer\.json"):
        card(str(tmp_path / "nowhere"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(NetworkError, match=r"has no card\.json"):
        card(str(tmp_path / "empty"))
    with pytest.raises(NetworkError, match="cannot be the path"):
        card("./a\0b")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda told: told.pop("heads"), "is damaged: .*heads"),
        (lambda told: told.update(max_tokens="many"), "is damaged"),
        (lambda told: told.update(max_tokens=2), "max_tokens is 2"),
        (lambda told: told.update(heads={}), "has no heads"),
        (lambda told: told.update(file="../network.onnx"), "must be a plain name"),
        (lambda told: told["heads"]["fine"].update(labels=["a", "a"]), "each once"),
        (lambda told: told["heads"]["fine"].update(thresholds=[0.5]), "28 labels and 1 thresholds"),
        (lambda told: told["heads"]["fine"].update(temperature=0.0), "expected a positive number"),
    ],
)
def test_a_card_that_cannot_be_is_refused(mine: Path, change: Callable[[dict[str, Any]], object], said: str) -> None:
    with pytest.raises(NetworkError, match=said) as told:
        card(changed(mine, change))
    assert "docs/own.md" in str(told.value)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda told: told["heads"].pop("fine"), "has no head 'fine', only cause"),
        (lambda told: told["heads"]["fine"].update(kind="single"), "of the kind 'single', expected 'multilabel'"),
        (lambda told: told["heads"]["fine"]["labels"].reverse(), "their order is another"),
        (
            lambda told: told["heads"]["fine"]["labels"].__setitem__(0, "awe"),
            "missing are admiration; unknown are awe",
        ),
    ],
)
def test_a_reader_without_the_feelings_is_refused(
    mine: Path, change: Callable[[dict[str, Any]], object], said: str
) -> None:
    with pytest.raises(NetworkError, match=said):
        TextPerceiver(Config.load(reader=changed(mine, change)))


def test_thresholds_may_be_left_out(mine: Path) -> None:
    name = changed(mine, lambda told: told["heads"]["fine"].pop("thresholds"))
    (reading,) = TextPerceiver(Config.load(reader=name)).perceive([Message("happy")])
    assert reading.expressed == ("joy",)
    assert require(card(name), "fine", "multilabel", FINE).thresholds == ()


def test_a_network_must_say_what_its_card_promises(mine: Path) -> None:
    name = changed(mine, lambda told: told["heads"].update(extra={"kind": "single", "labels": ["a", "b"]}))
    with pytest.raises(NetworkError, match="has a head 'extra', but its outputs are fine, cause"):
        TextEncoder.open(name).run([[2, 3]], heads=["fine"])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda told: told["heads"]["cause"].update(kind="single"), "expected batch x labels, with 1 labels"),
        (lambda told: told["heads"]["fine"].update(labels=["a"], thresholds=[]), "with 1 labels"),
    ],
)
def test_a_head_of_another_shape_is_refused(mine: Path, change: Callable[[dict[str, Any]], object], said: str) -> None:
    name = changed(mine, change)
    with pytest.raises(NetworkError, match=said):
        TextEncoder.open(name).run([[2, 3]])


@pytest.mark.parametrize("file", ["network.onnx", "tokenizer.json"])
def test_a_missing_or_replaced_file_is_named(mine: Path, file: str) -> None:
    (mine / file).write_bytes(b"{}")
    with pytest.raises(NetworkError, match=f"{file} is not the file its card names.*docs/own.md"):
        _read(mine)
    (mine / file).unlink()
    with pytest.raises(NetworkError, match=f"{file} cannot be read"):
        _read(mine)


@pytest.mark.parametrize(
    ("file", "key", "said"),
    [
        ("network.onnx", "sha256", "does not load"),
        ("tokenizer.json", "tokenizer_sha256", "no tokenizer that can be read"),
    ],
)
def test_a_file_that_is_something_else_is_named(mine: Path, file: str, key: str, said: str) -> None:
    (mine / file).write_bytes(b"{}")
    changed(mine, lambda told: told.update({key: hashlib.sha256(b"{}").hexdigest()}))
    with pytest.raises(NetworkError, match=said):
        _read(mine)


def _read(folder: Path) -> None:
    manifest.card.cache_clear()
    encoder = TextEncoder.open(str(folder))
    encoder.run(encoder.tokenize(["sad"]))


class Hub:
    """A hub with one model, on this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str] = []
        self.up = True


@pytest.fixture
def hub(mine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """Return a hub that serves one network as "us/mine"."""
    from huggingface_hub import constants

    served = Hub(mine)

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._answer(with_body=False)

        def do_GET(self) -> None:
            self._answer(with_body=True)

        def _answer(self, *, with_body: bool) -> None:
            served.asked.append(self.path)
            repository, _, rest = self.path.partition("/resolve/")
            revision, _, file = rest.partition("/")
            path = served.folder / file
            missing = ""
            if repository != "/us/mine":
                missing = "RepoNotFound"
            elif revision not in ("main", COMMIT):
                missing = "RevisionNotFound"
            elif not path.is_file():
                missing = "EntryNotFound"
            self.send_response(500 if not served.up else 404 if missing else 200)
            if missing:
                self.send_header("X-Error-Code", missing)
            body = b"" if missing or not served.up else path.read_bytes()
            self.send_header("ETag", f'"{hashlib.sha256(body).hexdigest()}"')
            self.send_header("X-Repo-Commit", COMMIT)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if with_body:
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield served
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_hub_model_is_fetched_once_and_then_read_without_the_hub(hub: Hub) -> None:
    encoder = TextEncoder.open("hf:us/mine")
    assert encoder.run(encoder.tokenize(["sad"]))["fine"][0, FINE.index("sadness")] > 0.9
    assert {path.rpartition("/")[2] for path in hub.asked} == {"card.json", "network.onnx", "tokenizer.json"}
    hub.asked.clear()
    hub.up = False
    manifest.card.cache_clear()
    assert card("hf:us/mine").name == "mine"
    assert hub.asked == []


def test_a_hub_model_is_checked_against_its_card(hub: Hub) -> None:
    with (hub.folder / "network.onnx").open("ab") as file:
        file.write(b"\0")
    with pytest.raises(NetworkError, match="not the file its card names"):
        TextEncoder.open("hf:us/mine").run([[2, 3]])


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("hf:us/nothing", "no such model"),
        ("hf:us/mine@older", "no revision 'older'"),
        ("hf:not a name", "no name of a hub model"),
        ("hf:", "no name of a hub model"),
    ],
)
def test_a_hub_model_that_is_not_there_says_so(hub: Hub, name: str, said: str) -> None:
    with pytest.raises(NetworkError, match=said):
        card(name)


def test_a_hub_model_without_a_card_is_no_network(hub: Hub) -> None:
    (hub.folder / "tokenizer.json").unlink()
    with pytest.raises(NetworkError, match=r"has no file tokenizer\.json"):
        card("hf:us/mine")
    changed(hub.folder, lambda told: told.pop("file"))
    with pytest.raises(NetworkError, match="has no file"):  # the card that was fetched first is kept with its commit
        card("hf:us/mine")
    (hub.folder / "card.json").unlink()
    with pytest.raises(NetworkError, match=r"no revision|has no file card\.json"):
        card("hf:us/mine@" + "f" * 40)


def test_without_the_hub_it_says_what_to_do(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(NetworkError, match=r"Connect once.*name the folder instead"):
        card("hf:us/mine")


def test_without_the_extra_it_says_what_to_install(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    with pytest.raises(NetworkError, match=r"pip install \"heedful\[hub\]\""):
        card("hf:us/mine")


def test_values_are_those_of_the_folder(hub: Hub) -> None:
    here, there = (TextEncoder.open(name) for name in (str(hub.folder), "hf:us/mine"))
    tokens = here.tokenize(["i am happy .", "my dog died ."])
    np.testing.assert_array_equal(here.run(tokens)["fine"], there.run(tokens)["fine"])
