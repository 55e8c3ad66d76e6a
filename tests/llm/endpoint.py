"""A tiny real OpenAI-compatible endpoint that answers as a test wants it: well, slowly, wrongly, not to the end."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Answer:
    """How one request is answered."""

    text: str = ""
    """Streamed word by word."""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0
    """Seconds before anything is answered."""
    pause: float = 0.0
    """Seconds before each word."""
    drop_after: int | None = None
    """Words after which the connection is cut."""
    lines: tuple[str, ...] | None = None
    """Lines of the body, sent as they are in place of the text."""
    finish: str | None = "stop"
    done: bool = True


@dataclass
class Endpoint:
    """What was asked, and what is answered next; the last answer is given again and again."""

    url: str = ""
    answers: list[Answer] = field(default_factory=lambda: [Answer("I hear you.")])
    asked: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    sent: list[float] = field(default_factory=list)
    """When each word was sent, by time.monotonic()."""

    def next(self) -> Answer:
        return self.answers[min(len(self.asked), len(self.answers)) - 1]


def chunk(content: str | None, finish: str | None = None) -> str:
    """Return a server-sent event as OpenAI's reference has it."""
    choice = {"index": 0, "delta": {} if content is None else {"content": content}, "finish_reason": finish}
    body = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "tiny", "choices": [choice]}
    return f"data: {json.dumps(body)}\n\n"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    endpoint: Endpoint

    def do_POST(self) -> None:
        at = self.endpoint
        at.asked.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        at.headers.append({name.lower(): value for name, value in self.headers.items()})
        at.paths.append(self.path)
        answer = at.next()
        try:
            time.sleep(answer.wait)
            self._answer(answer)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # who asked has heard enough

    def _answer(self, answer: Answer) -> None:
        if answer.status != 200:
            body = json.dumps({"error": {"message": "no", "type": "test"}}).encode()
            self.send_response(answer.status)
            for name, value in {"content-type": "application/json", **answer.headers}.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            return
        self.send_response(200)
        for name, value in {"content-type": "text/event-stream", **answer.headers}.items():
            self.send_header(name, value)
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        if answer.lines is not None:
            for line in answer.lines:
                self._send(line)
        else:
            words = [f"{word} " for word in answer.text.split()]
            for number, word in enumerate(words):
                if number == answer.drop_after:
                    self._cut()
                    return
                time.sleep(answer.pause)
                self._send(chunk(word if number < len(words) - 1 else word.strip()))
                self.endpoint.sent.append(time.monotonic())
            if answer.finish:
                self._send(chunk(None, answer.finish))
        if answer.done:
            self._send("data: [DONE]\n\n")
        self.wfile.write(b"0\r\n\r\n")

    def _send(self, text: str) -> None:
        data = text.encode()
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _cut(self) -> None:
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name in the base class
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: connections are cut on purpose here."""


@contextmanager
def serve() -> Iterator[Endpoint]:
    """Serve an endpoint on a free port of this machine."""
    endpoint = Endpoint()
    handler = type("Handler", (_Handler,), {"endpoint": endpoint})
    with _Server(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        endpoint.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        try:
            yield endpoint
        finally:
            server.shutdown()
