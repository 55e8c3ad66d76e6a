from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heedful import Audio, Heedful, InputError, Reading
from heedful.server import sessions
from heedful.server.app import create_app
from heedful.server.outbox import Outbox
from heedful.server.protocol import SENT, read
from tests.server.conftest import Client
from tests.server.serving import make_heedful

pytestmark = pytest.mark.timeout(30)
SAD = "My dog died last night."
Event = dict[str, Any]


@dataclass
class Heard:
    kind: str
    start: float
    end: float
    reading: Reading
    audio: Audio | None


class LoudHearing:
    """Hears speech in loud samples: a reading per piece, an utterance once it is quiet."""

    def __init__(self) -> None:
        self._speech: list[Any] = []

    def push(self, samples: Any) -> list[Heard]:
        reading = Reading("voice", "double", basic={"anger": 0.9, "neutral": 0.1}, confidence=0.9)
        loud = samples[np.abs(samples) > 0.1]
        if loud.size:
            self._speech.append(loud)
        if np.abs(samples[-1]) > 0.1:
            return [Heard("reading", 0.0, 0.1, reading, None)]
        if not self._speech:
            return []
        audio, self._speech = Audio.from_array(np.concatenate(self._speech), 16_000), []
        return [Heard("utterance", 0.0, 1.0, reading, audio)]

    def close(self) -> list[Heard]:
        return self.push(np.zeros(1, np.float32))


@pytest.fixture
def hearing(heedful: Heedful) -> Iterator[Client]:
    """A client of a server that hears."""
    heedful.hear = LoudHearing
    with Client(create_app(heedful)) as made:
        yield made


@contextmanager
def live(client: Client, **settings: Any) -> Iterator[Any]:
    with client.websocket_connect("/v1/live") as socket:
        socket.send_json({"type": "session_settings", **settings})
        socket.started = socket.receive_json()
        assert socket.started["type"] == "session_started", socket.started
        yield socket


def until(socket: Any, kind: str) -> list[Event]:
    """Return what comes, up to the first event of a type."""
    found: list[Event] = []
    while not found or found[-1]["type"] != kind:
        found.append(socket.receive_json())
    return found


def loud(seconds: float) -> list[bytes]:
    return [(np.ones(1600, "<i2") * 20_000).tobytes() for _ in range(round(seconds * 10))]


QUIET = bytes(3200)


class TestASession:
    def test_answers_in_the_order_of_the_stages(self, client: Client, heedful: Heedful) -> None:
        with live(client, conversation="sam", person="sam") as socket:
            socket.send_json({"type": "user_input", "text": SAD, "id": "m1"})
            events = until(socket, "assistant_message")
        kinds = list(dict.fromkeys(event["type"] for event in events))
        assert kinds == ["user_message", "reading", "plan", "assistant_delta", "assistant_message"]
        assert {event["message"] for event in events} == {"m1"}
        assert [event["seq"] for event in events] == sorted(event["seq"] for event in events)
        said = "".join(event["text"] for event in events if event["type"] == "assistant_delta")
        assert said.strip() == events[-1]["turn"]["reply"]["text"]
        assert heedful.turns("sam")[0].id == events[-1]["turn"]["id"]

    def test_tells_of_danger_with_whom_to_turn_to(self, client: Client) -> None:
        with live(client) as socket:
            socket.send_json({"type": "user_input", "text": "I want to kill myself."})
            (risk,) = [event for event in until(socket, "assistant_message") if event["type"] == "risk"]
        assert risk["risk"]["level"] == "high"
        assert risk["resources"]

    def test_wants_its_settings_first(self, client: Client) -> None:
        with client.websocket_connect("/v1/live") as socket:
            socket.send_json({"type": "user_input", "text": SAD})
            assert socket.receive_json()["code"] == "settings_first"
            socket.send_json({"type": "session_settings"})
            assert socket.receive_json()["type"] == "session_started"

    def test_needs_a_key_where_keys_are_needed(self, keyed: Callable[..., Client], heedful: Heedful) -> None:
        client = keyed("shop")
        _, token = heedful.store.keys.create("page")
        for key, answered in ((None, "error"), ("wrong", "error"), (token, "session_started")):
            with client.websocket_connect("/v1/live", headers={"authorization": ""}) as socket:
                socket.send_json({"type": "session_settings", "key": key})
                assert socket.receive_json()["type"] == answered

    def test_answers_a_thousand_malformed_messages_with_an_error_each_and_lives(self, client: Client) -> None:
        wrong = [
            "", "{", "null", "[]", "3", '"text"', "{}", '{"type":1}', '{"type":"dance"}', "\ud800", "[" * 5000,
            '{"type":"user_input","text":3}', '{"type":"user_input"}', '{"type":"user_input","text":" "}',
            '{"type":"audio_input","data":"!"}', '{"type":"audio_input","data":"AAAA"}', b"\0\0\0",
            '{"type":"video_frame","data":"?"}', '{"type":"user_input","text":"a","colour":1}',
            '{"type":"session_settings","resume":{"after":-1}}',
        ]  # fmt: skip
        with live(client) as socket:
            for number in range(1000):
                message = wrong[number % len(wrong)]
                if isinstance(message, bytes):
                    socket.send_bytes(message)
                else:
                    socket.send_text(message)
            errors = [socket.receive_json() for _ in range(1000)]
            assert {event["type"] for event in errors} == {"error"}
            socket.send_json({"type": "user_input", "text": SAD})
            assert until(socket, "assistant_message")[-1]["turn"]["reply"]["text"]

    def test_says_once_what_it_cannot_do(self, client: Client) -> None:
        with live(client, transcript="server") as socket:
            for _ in range(5):
                socket.send_bytes(QUIET)
                socket.send_json({"type": "video_frame", "data": "AAAA"})
            socket.send_json({"type": "user_input", "text": SAD})
            events = until(socket, "assistant_message")
        codes = [event["code"] for event in events if event["type"] == "notice"]
        assert "no_transcriber" in codes
        assert len(codes) == len(set(codes)), "something was told twice"

    def test_of_a_workplace_hears_and_sees_nothing(self, tmp_path: Path) -> None:
        with make_heedful(tmp_path, setting="workplace") as heedful:
            heedful.hear = LoudHearing
            with Client(create_app(heedful)) as client, live(client) as socket:
                assert socket.started["can"]["hear"] is False
                socket.send_bytes(loud(0.1)[0])
                (notice,) = until(socket, "notice")
        assert "Article 5(1)(f)" in notice["detail"]

    def test_that_stays_silent_ends(self, tmp_path: Path) -> None:
        for code in ("idle", "length"):
            settings = {f"live_{code}": 0.3}
            with (
                make_heedful(tmp_path, **settings) as heedful,
                Client(create_app(heedful)) as client,
                live(client) as socket,
            ):
                assert socket.receive_json()["code"] == code


class TestALostConnection:
    def test_is_taken_up_again_without_loss(self, client: Client, heedful: Heedful) -> None:
        with live(client, conversation="sam") as socket:
            session = socket.started["session"]
            socket.send_json({"type": "user_input", "text": SAD, "id": "m1"})
            first = until(socket, "user_message")[-1]
            socket.close(1006)
        with live(client, conversation="sam", resume={"session": session, "after": first["seq"]}) as socket:
            assert socket.started["resumed"] is True
            socket.send_json({"type": "user_input", "text": SAD, "id": "m1"})  # sent again: was it received?
            socket.send_json({"type": "user_input", "text": "She was fourteen.", "id": "m2"})
            events = until(socket, "assistant_message")
            events += until(socket, "assistant_message")
        assert [event["seq"] for event in events] == list(range(first["seq"] + 1, events[-1]["seq"] + 1))
        assert len(heedful.turns("sam")) == 2, "a message was answered twice, or not at all"

    def test_of_another_process_goes_on_from_the_store(self, client: Client, heedful: Heedful) -> None:
        known = heedful.turn(SAD, conversation="sam")
        missed = heedful.turn("She was fourteen.", conversation="sam")
        resume = {"session": "of-another-process", "after": 9, "turn": known.id}
        with live(client, conversation="sam", resume=resume) as socket:
            assert socket.started["resumed"] is False
            event = socket.receive_json()
        assert (event["type"], event["turn"]["id"], event["stored"]) == ("assistant_message", missed.id, True)

    def test_of_somebody_else_is_not_taken_up(self, keyed: Callable[..., Client]) -> None:
        theirs, mine = keyed("theirs"), keyed("mine")
        with theirs.websocket_connect("/v1/live", headers=theirs.headers) as socket:
            socket.send_json({"type": "session_settings"})
            session = socket.receive_json()["session"]
            socket.close(1006)
        with mine.websocket_connect("/v1/live", headers=mine.headers) as socket:
            socket.send_json({"type": "session_settings", "resume": {"session": session}})
            assert socket.receive_json()["resumed"] is False

    def test_is_let_go_after_a_while(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sessions, "AWAY", 0.2)
        with live(client) as socket:
            socket.close(1006)
        give_up = time.monotonic() + 30
        while client.app.state.sessions._sessions and time.monotonic() < give_up:
            time.sleep(0.05)
        assert not client.app.state.sessions._sessions


class TestSpeech:
    def test_is_read_as_it_comes_and_its_words_join_it(self, hearing: Client) -> None:
        with live(hearing, transcript="client") as socket:
            for piece in loud(0.5):
                socket.send_bytes(piece)
            assert until(socket, "reading")[-1]["source"] == "voice"
            socket.send_bytes(QUIET)
            spoken = until(socket, "utterance")[-1]
            socket.send_json({"type": "user_input", "text": SAD, "utterance": spoken["utterance"]})
            turn = until(socket, "assistant_message")[-1]["turn"]
        assert [reading["modality"] for reading in turn["percept"]["readings"]] == ["text", "voice"]
        assert turn["message"]["audio"] is None, "sound was kept"

    def test_is_answered_without_words_where_nobody_finds_them(self, hearing: Client) -> None:
        with live(hearing, transcript="none") as socket:
            for piece in (*loud(0.2), QUIET):
                socket.send_bytes(piece)
            events = until(socket, "assistant_message")
        assert [event["source"] for event in events if event["type"] == "user_message"] == ["speech"]

    def test_is_turned_into_text_where_the_server_can(self, heedful: Heedful) -> None:
        heedful.hear = LoudHearing
        app = create_app(heedful)
        app.state.service.transcriber = SimpleNamespace(text=lambda audio: f"{SAD} {len(audio.samples)}")
        with Client(app) as client, live(client) as socket:
            for piece in (*loud(0.2), QUIET):
                socket.send_bytes(piece)
            told = until(socket, "assistant_message")
        (said,) = [event for event in told if event["type"] == "user_message"]
        assert (said["text"], said["source"]) == (f"{SAD} 3200", "speech")

    def test_that_stops_in_the_middle_is_finished(self, hearing: Client) -> None:
        with live(hearing, transcript="client") as socket:
            socket.send_bytes(loud(0.1)[0])
            socket.send_json({"type": "audio_input", "end": True})
            assert until(socket, "utterance")[-1]["utterance"] == 1

    def test_interrupts_a_reply_that_is_read_aloud(self, hearing: Client) -> None:
        with live(hearing, speaks=True) as socket:
            socket.send_json({"type": "user_input", "text": SAD})
            until(socket, "assistant_message")
            socket.send_bytes(loud(0.1)[0])
            assert socket.receive_json()["type"] == "interrupted"

    def test_that_makes_hearing_fail_is_left_out_and_the_session_lives(self, heedful: Heedful) -> None:
        class BrokenHearing(LoudHearing):
            def push(self, samples: Any) -> list[Heard]:
                raise ZeroDivisionError

        heedful.hear = BrokenHearing
        with Client(create_app(heedful)) as client, live(client) as socket:
            socket.send_bytes(QUIET)
            assert until(socket, "notice")[-1]["code"] == "not_read"
            socket.send_json({"type": "user_input", "text": SAD})
            assert until(socket, "assistant_message")

    def test_that_comes_too_fast_loses_sound_and_no_message(self, heedful: Heedful) -> None:
        class SlowHearing(LoudHearing):
            def push(self, samples: Any) -> list[Heard]:
                time.sleep(0.2)
                return super().push(samples)

        heedful.hear = SlowHearing
        with Client(create_app(heedful)) as client, live(client) as socket:
            for number in range(300):
                socket.send_bytes(QUIET)
                if number % 100 == 0:
                    socket.send_json({"type": "user_input", "text": SAD, "id": f"m{number}"})
            events = [event for _ in range(3) for event in until(socket, "assistant_message")]
            text = client.get("/metrics").text
        assert [event["message"] for event in events if event["type"] == "assistant_message"] == ["m0", "m100", "m200"]
        assert 'heedful_live_frames_dropped_total{kind="sound"}' in text


def test_a_reply_that_is_stopped_is_told_no_further_and_kept_all_the_same(
    heedful: Heedful, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = heedful.stream

    def slow(*given: Any, **more: Any) -> Any:
        for event in stream(*given, **more):
            if type(event).__name__ == "Delta":
                time.sleep(0.3)
            yield event

    monkeypatch.setattr(heedful, "stream", slow)
    with Client(create_app(heedful)) as client, live(client, conversation="sam") as socket:
        socket.send_json({"type": "user_input", "text": SAD, "id": "m1"})
        until(socket, "plan")
        socket.send_json({"type": "assistant_stop"})
        events = until(socket, "assistant_message")
    assert "interrupted" in [event["type"] for event in events]
    assert events[-1]["interrupted"] is True
    assert heedful.turns("sam")[0].id == events[-1]["turn"]["id"]


@given(
    st.one_of(
        st.text(),
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        ).map(json.dumps),
    )
)
@settings(max_examples=40)
def test_whatever_is_sent_is_read_or_refused_in_words(text: str) -> None:
    try:
        read(text)
    except InputError as error:
        assert SENT[0] in str(error)  # noqa: PT017 - what is drawn may well be a message


def test_a_slow_client_misses_passing_readings_and_nothing_else() -> None:
    import asyncio

    async def fill() -> list[Event]:
        outbox = Outbox()
        queue = outbox.attach(0, b'{"type":"first"}')
        for number in range(200):
            outbox.add("reading", passing=True, number=number)
            outbox.add("assistant_delta", number=number)
        outbox.detach()
        found: list[Event] = []
        while (event := queue.get_nowait()) is not None:
            found.append(json.loads(event))
        return found

    kinds = [event["type"] for event in asyncio.run(fill())]
    assert kinds.count("assistant_delta") == 200
    assert kinds.count("reading") < 100
