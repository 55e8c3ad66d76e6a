"""Ask any OpenAI-compatible endpoint: Ollama, llama.cpp, vLLM, LM Studio, or a vendor's.

Only what every such endpoint knows is sent: the model's name, the messages, and that the answer is to be streamed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Sequence
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from heedful.errors import ModelError, PluginError
from heedful.llm.base import ChatMessage
from heedful.llm.breaker import Breaker

if TYPE_CHECKING:
    from openai import OpenAI

_WAIT = 0.2
"""Seconds before the second try, unless the endpoint says how long to wait."""
_ENDS = (".", "!", "?", '"', "'", ")", "\u2026", "\u201d", "\u2019")


class _Failed(Exception):  # noqa: N818 - what happened, not an error of the caller's
    """A request failed; it may be tried again after `wait` seconds, unless that is None."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.wait = wait


class OpenAIModel:
    """A chat model behind an OpenAI-compatible endpoint.

    The deadline holds for the whole answer, a second try included, whatever the network does: requests run in threads
    of their own, and who waits for them stops waiting in time.

    Args:
        url: of the endpoint, with its version: "http://localhost:11434/v1".
        model: its name there.
        key: the secret; "" for an endpoint that asks for none.
        deadline: seconds for the whole answer.
        breaker: what stops asking after failures in a row.

    Raises:
        PluginError: the `openai` client is not installed.
    """

    def __init__(self, url: str, model: str, key: str, deadline: float, breaker: Breaker | None = None) -> None:
        self.name = model
        self._deadline = deadline
        self._breaker = breaker or Breaker()
        self._client = _client(url, key, deadline)

    def close(self) -> None:
        """Close the connections that are kept open between requests."""
        self._client.close()

    def stream(self, messages: Sequence[ChatMessage]) -> Generator[str, None, None]:
        """Yield the answer piece by piece; see `heedful.llm.base.ChatModel`."""
        self._breaker.enter()
        until = time.monotonic() + self._deadline
        try:
            yield from self._tries([each.to_dict() for each in messages], until)
        except _Failed as failed:
            self._breaker.failed()
            raise ModelError(f"the language model {self.name} {failed}.") from failed
        except GeneratorExit:  # enough was heard
            self._breaker.worked()
            raise
        self._breaker.worked()

    def _tries(self, messages: list[dict[str, Any]], until: float) -> Generator[str, None, None]:
        begun = False
        try:
            for piece in self._once(messages, until):
                begun = begun or bool(piece.strip())
                yield piece
        except _Failed as failed:
            # What was heard already cannot be unheard, and a wait beyond the deadline is no use to anybody.
            if begun or failed.wait is None or time.monotonic() + failed.wait >= until:
                raise
            time.sleep(failed.wait)
            yield from self._once(messages, until)

    def _once(self, messages: list[dict[str, Any]], until: float) -> Generator[str, None, None]:
        """Yield what the thread of one request hears; raise _Failed where that stops too soon or too late."""
        heard: SimpleQueue[str | _Failed | None] = SimpleQueue()
        enough = threading.Event()
        threading.Thread(target=self._listen, args=(messages, heard, enough), daemon=True, name="heedful-llm").start()
        try:
            while True:
                try:
                    item = heard.get(timeout=max(0.0, until - time.monotonic()))
                except Empty:
                    raise _Failed(f"was not done within {self._deadline:g} s") from None
                if item is None:
                    return
                if isinstance(item, _Failed):
                    raise item
                yield item
        finally:
            enough.set()

    def _listen(
        self, messages: list[dict[str, Any]], heard: SimpleQueue[str | _Failed | None], enough: threading.Event
    ) -> None:
        """Put the pieces of an answer on a queue, then None, or what went wrong."""
        try:
            request: Any = {"model": self.name, "messages": messages, "stream": True}
            with self._client.chat.completions.create(**request) as chunks:
                spoken, reason = "", None
                for chunk in chunks:
                    if enough.is_set():
                        return
                    text, ended = _read(chunk)
                    reason = ended or reason
                    if text:
                        spoken += text
                        heard.put(text)
            heard.put(_ending(spoken, reason))
        except Exception as error:  # noqa: BLE001 - whatever a foreign server causes must not leave the person waiting
            heard.put(_failure(error))


def _client(url: str, key: str, deadline: float) -> OpenAI:
    try:
        from openai import OpenAI  # slow to import, and only needed with a language model
    except ImportError as error:
        raise PluginError('to ask a language model, install the client: pip install "heedful[llm]".') from error
    return OpenAI(base_url=url, api_key=key or "none", timeout=deadline, max_retries=0)


def _read(chunk: Any) -> tuple[str, str | None]:
    """Return the text of a chunk and why the answer ended, if it did; raise _Failed for what is no chunk at all."""
    choices = getattr(chunk, "choices", None)
    if choices is None or isinstance(choices, str):
        raise _Failed("answered with something that is no chat completion", _WAIT)
    if not choices:
        return "", None  # some endpoints end with a chunk that only counts tokens
    delta = getattr(choices[0], "delta", None)
    text, ended = getattr(delta, "content", None), getattr(choices[0], "finish_reason", None)
    return (text if isinstance(text, str) else ""), (ended if isinstance(ended, str) else None)


def _ending(spoken: str, reason: str | None) -> _Failed | None:
    """Return what was wrong with an answer that came to its end, or None."""
    if reason == "content_filter":
        return _Failed("was stopped by its provider's filter")
    if not spoken.strip():
        return _Failed("answered with nothing", _WAIT)
    if reason is None and not spoken.rstrip().endswith(_ENDS):
        return _Failed("broke off in the middle of a sentence")
    return None


def _failure(error: Exception) -> _Failed:
    """Say in a few words what went wrong, and whether it is worth another try."""
    import openai

    if isinstance(error, _Failed):
        return error
    if isinstance(error, openai.APIStatusError):
        again = error.status_code in (408, 409, 429) or error.status_code >= 500
        return _Failed(f"answered with HTTP status {error.status_code}", _patience(error) if again else None)
    if isinstance(error, openai.APITimeoutError):
        return _Failed("did not answer in time")
    if isinstance(error, openai.APIConnectionError):
        return _Failed("cannot be reached", _WAIT)
    if isinstance(error, ValueError | openai.APIResponseValidationError):
        return _Failed("answered with malformed JSON", _WAIT)
    return _Failed(f"broke off ({type(error).__name__})", _WAIT)


def _patience(error: Any) -> float:
    """Return how many seconds the endpoint asks to wait."""
    try:
        return max(_WAIT, float(error.response.headers.get("retry-after", "")))
    except ValueError:
        return _WAIT
