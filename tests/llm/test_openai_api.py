"""The client against a real server on this machine: the wire, and everything that can go wrong on it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator

import pytest

from heedful.errors import ModelError, PluginError
from heedful.llm.base import ChatMessage
from heedful.llm.breaker import Breaker
from heedful.llm.openai_api import OpenAIModel
from tests.llm.endpoint import Answer, Endpoint, chunk

ASKED = [ChatMessage("system", "Be kind."), ChatMessage("user", "I am sad."), ChatMessage("assistant", "Yes?"),
         ChatMessage("user", "My dog died.")]  # fmt: skip
SAID = "I am so sorry about your dog."


@pytest.fixture
def model(endpoint: Endpoint) -> Iterator[Callable[..., OpenAIModel]]:
    """Return what opens a model behind the endpoint; they are closed after the test."""
    opened: list[OpenAIModel] = []

    def make(deadline: float = 5.0, breaker: Breaker | None = None, key: str = "secret") -> OpenAIModel:
        opened.append(OpenAIModel(endpoint.url, "tiny", key, deadline, breaker))
        return opened[-1]

    yield make
    for each in opened:
        each.close()


def test_the_wire_is_what_every_endpoint_understands(model: Callable[..., OpenAIModel], endpoint: Endpoint) -> None:
    endpoint.answers = [Answer(SAID)]
    pieces = list(model().stream(ASKED))
    assert "".join(pieces) == SAID
    assert len(pieces) == 7
    assert endpoint.paths == ["/v1/chat/completions"]
    assert endpoint.asked[0] == {
        "model": "tiny",
        "stream": True,
        "messages": [
            {"role": "system", "content": "Be kind."},
            {"role": "user", "content": "I am sad."},
            {"role": "assistant", "content": "Yes?"},
            {"role": "user", "content": "My dog died."},
        ],
    }
    assert endpoint.headers[0]["authorization"] == "Bearer secret"


def test_pieces_come_as_they_are_sent(model: Callable[..., OpenAIModel], endpoint: Endpoint) -> None:
    endpoint.answers = [Answer("one two three four five.", pause=0.1)]
    came = [time.monotonic() for _ in model().stream(ASKED)]
    assert len(came) == 5
    late = sorted(heard - sent for heard, sent in zip(came, endpoint.sent, strict=True))
    assert late[2] < 0.05  # the median of five; a busy machine may hold one of them up


@pytest.mark.parametrize("status", [408, 409, 429, 500, 502, 503])
def test_what_may_pass_is_tried_once_more(model: Callable[..., OpenAIModel], endpoint: Endpoint, status: int) -> None:
    endpoint.answers = [Answer(status=status), Answer(SAID)]
    assert "".join(model().stream(ASKED)) == SAID
    assert len(endpoint.asked) == 2


@pytest.mark.parametrize("status", [429, 500])
def test_it_is_tried_twice_and_no_more(model: Callable[..., OpenAIModel], endpoint: Endpoint, status: int) -> None:
    endpoint.answers = [Answer(status=status)]
    with pytest.raises(ModelError, match=f"the language model tiny answered with HTTP status {status}"):
        list(model().stream(ASKED))
    assert len(endpoint.asked) == 2


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422])
def test_what_will_not_pass_is_not_tried_again(
    model: Callable[..., OpenAIModel], endpoint: Endpoint, status: int
) -> None:
    endpoint.answers = [Answer(status=status)]
    with pytest.raises(ModelError, match=f"HTTP status {status}"):
        list(model().stream(ASKED))
    assert len(endpoint.asked) == 1


def test_who_is_asked_to_wait_waits_unless_it_would_be_too_late(
    model: Callable[..., OpenAIModel],
    endpoint: Endpoint,
) -> None:
    endpoint.answers = [Answer(status=429, headers={"retry-after": "0.4"}), Answer(SAID)]
    began = time.monotonic()
    assert "".join(model().stream(ASKED)) == SAID
    assert time.monotonic() - began >= 0.4
    endpoint.answers = [Answer(status=429, headers={"retry-after": "60"})]
    began = time.monotonic()
    with pytest.raises(ModelError, match="429"):
        list(model().stream(ASKED))
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    "answer",
    [
        Answer(SAID, wait=30),
        Answer(SAID, pause=0.2),
        Answer(status=429, headers={"retry-after": "nonsense"}, wait=0.3),
    ],
)
def test_the_deadline_holds_whatever_is_slow(
    model: Callable[..., OpenAIModel],
    endpoint: Endpoint,
    answer: Answer,
) -> None:
    endpoint.answers = [answer, Answer(SAID, wait=30)]
    began = time.monotonic()
    with pytest.raises(ModelError, match=r"within 0\.5 s|in time|429"):
        list(model(deadline=0.5).stream(ASKED))
    assert time.monotonic() - began < 10  # what is waited for would take 30


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (("data: {not json\n\n",), "malformed JSON"),
        (("data: [1, 2]\n\n",), "no chat completion|broke off"),
        (('data: {"hello": "world"}\n\n',), "no chat completion"),
        (('data: {"choices": null}\n\n',), "no chat completion"),
        (('data: {"choices": [null]}\n\n',), "nothing"),
        (('data: {"choices": [{"delta": {"content": 7}}]}\n\n',), "nothing"),
        (('data: {"error": {"message": "out of memory"}}\n\n',), "broke off"),
        (("<html>Welcome to the captive portal</html>\n",), "nothing"),
        ((": only a comment\n\n",), "nothing"),
        ((), "nothing"),
        ((chunk("  "), chunk(None, "stop")), "nothing"),
    ],
)
def test_nonsense_is_tried_once_more_and_then_told(
    model: Callable[..., OpenAIModel],
    endpoint: Endpoint,
    lines: tuple[str, ...],
    told: str,
) -> None:
    endpoint.answers = [Answer(lines=lines)]
    with pytest.raises(ModelError, match=told):
        list(model().stream(ASKED))
    assert len(endpoint.asked) == 2


@pytest.mark.parametrize("after", [0, 1, 3])
def test_a_connection_that_drops_is_told_and_what_was_heard_is_not_asked_again(
    model: Callable[..., OpenAIModel],
    endpoint: Endpoint,
    after: int,
) -> None:
    endpoint.answers = [Answer(SAID, drop_after=after)]
    heard: list[str] = []
    with pytest.raises(ModelError, match=r"broke off|cannot be reached"):
        heard.extend(model().stream(ASKED))  # keeps what came before the error
    assert "".join(heard).split() == SAID.split()[:after]
    assert len(endpoint.asked) == (2 if after == 0 else 1)


def test_an_answer_that_ends_early_without_a_word_of_why_is_no_answer(
    model: Callable[..., OpenAIModel],
    endpoint: Endpoint,
) -> None:
    endpoint.answers = [Answer("I am so sorry about", finish=None, done=False)]
    with pytest.raises(ModelError, match="middle of a sentence"):
        list(model().stream(ASKED))
    endpoint.answers = [Answer(SAID, finish=None, done=False)]
    assert "".join(model().stream(ASKED)) == SAID


def test_a_provider_s_filter_is_told(model: Callable[..., OpenAIModel], endpoint: Endpoint) -> None:
    endpoint.answers = [Answer(SAID, finish="content_filter")]
    with pytest.raises(ModelError, match="filter"):
        list(model().stream(ASKED))


def test_chunks_that_only_count_tokens_are_skipped(model: Callable[..., OpenAIModel], endpoint: Endpoint) -> None:
    lines = (chunk("Yes."), chunk(None, "stop"), 'data: {"choices": [], "usage": {}}\n\n', "data: [DONE]\n\n")
    endpoint.answers = [Answer(lines=lines)]
    assert "".join(model().stream(ASKED)) == "Yes."


def test_nobody_there_is_told_at_once() -> None:
    gone = OpenAIModel("http://127.0.0.1:9/v1", "tiny", "", 60.0)
    began = time.monotonic()
    with pytest.raises(ModelError, match="cannot be reached"):
        list(gone.stream(ASKED))
    assert time.monotonic() - began < 10
    gone.close()


def test_who_has_heard_enough_ends_the_request_and_it_counts_as_answered(
    model: Callable[..., OpenAIModel],
    endpoint: Endpoint,
) -> None:
    endpoint.answers = [Answer(SAID, pause=0.02)]
    opened = model(breaker=Breaker(failures=1))
    for _ in range(3):
        stream = opened.stream(ASKED)
        assert next(stream) == "I "
        stream.close()
    assert len(endpoint.asked) == 3


def test_after_failures_in_a_row_it_is_not_asked_until_it_had_a_rest(
    model: Callable[..., OpenAIModel],
    endpoint: Endpoint,
) -> None:
    now = [0.0]
    opened = model(breaker=Breaker(failures=2, rest=30, clock=lambda: now[0]))
    endpoint.answers = [Answer(status=404)]
    for told in ("404", "404", "failed 2 times in a row", "failed 2 times in a row"):
        with pytest.raises(ModelError, match=told):
            list(opened.stream(ASKED))
    assert len(endpoint.asked) == 2
    now[0] = 31
    endpoint.answers = [Answer(SAID)]
    assert "".join(opened.stream(ASKED)) == SAID


def test_without_the_client_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openai", None)
    with pytest.raises(PluginError, match=r"heedful\[llm\]"):
        OpenAIModel("http://127.0.0.1:9/v1", "tiny", "", 5.0)
