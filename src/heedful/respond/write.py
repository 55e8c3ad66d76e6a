"""Have a reply written by a language model, under the plan and within what the built-in writer keeps for itself."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace

from heedful.config import Config
from heedful.errors import ConfigError, HeedfulError, ModelError
from heedful.llm.base import ChatMessage, ChatModel
from heedful.llm.echo import URL, Echo
from heedful.respond.compose import Composer
from heedful.respond.prompt import chat, disclosure
from heedful.types import Message, Percept, Plan, Reply, Turn, Understanding

_OWN_WORDS = ("identity", "crisis", "unread", "space")
"""What a plan is about when every word of the reply has to be ours: who this is, danger, what could not be read."""
_WORD_FOR_WORD = {"resources", "safety question"}
_RECITED = 7
"""So many words in a row out of its instructions mean that the model recites them."""
_SENTENCE_END = re.compile(r"[.!?\u2026]+[\"'\u201d\u2019)]*(?=\s)")
_EXCLAMATION = re.compile("!+")
_WORD = re.compile(r"\w+")
_THOUGHT = ("<think>", "</think>")
_ORNAMENTS = str.maketrans({"\n": " ", "\r": None, "*": None, '"': None, "\u201c": None, "\u201d": None})


class ModelWriter:
    """Writes replies with a language model.

    The endpoint is opened at the first reply; a wrong setting is told there, in the turn, and the built-in writer
    answers.

    Args:
        config: names the endpoint: `llm_url`, `llm_model`, `llm_key`, `llm_deadline`.
        model: another model than the configured one.
    """

    def __init__(self, config: Config, model: ChatModel | None = None) -> None:
        self._config = config
        self._model = model
        self._opening = threading.Lock()
        self._composer = Composer(config)

    def takes(self, plan: Plan) -> bool:
        """Say whether a model may write this reply; see `heedful.respond.base.WritesAloud`."""
        return not plan.about.startswith(_OWN_WORDS) and _WORD_FOR_WORD.isdisjoint(plan.must)

    def stream(
        self,
        message: Message,
        percept: Percept | None,
        understanding: Understanding,
        plan: Plan,
        history: Sequence[Turn],
        seed: str,
    ) -> Generator[str, None, Reply]:
        """Yield the reply as the model writes it; see `heedful.respond.base.WritesAloud`."""
        model = self._opened()
        asked = chat(message, percept, understanding, plan, history, self._config.setting)
        written = ""
        with closing(_heard(model, asked, plan)) as pieces:
            for piece in pieces:
                written += piece
                yield piece
        why = [f"written by the language model {model.name}, under the plan: {', '.join(plan.strategies)}"]
        if "disclosure" in plan.must:
            added = f" {disclosure(seed)}"
            written += added
            why.append(f"says that this is software:{added}")
            yield added
        return Reply(written.strip(), "llm", tuple(why))

    def write(
        self, message: Message, understanding: Understanding, plan: Plan, history: Sequence[Turn], seed: str
    ) -> Reply:
        """Return a reply; see `heedful.respond.base.Writer`. Where the model fails, the built-in writer answers."""
        if not self.takes(plan):
            return self._composer.write(message, understanding, plan, history, seed)
        writing = self.stream(message, None, understanding, plan, history, seed)
        try:
            while True:
                next(writing)
        except StopIteration as done:
            reply: Reply = done.value
            return reply
        except HeedfulError as error:
            composed = self._composer.write(message, understanding, plan, history, seed)
            return replace(composed, degraded=str(error))

    def _opened(self) -> ChatModel:
        with self._opening:
            if self._model is None:
                self._model = open_model(self._config)
            return self._model


def open_model(config: Config) -> ChatModel:
    """Return the language model that the settings name.

    Raises:
        ConfigError: no endpoint or no model is named, or the key's environment variable is not set.
        PluginError: the `openai` client is not installed.
    """
    if config.llm_url == URL:
        return Echo()
    if not config.llm_url.startswith(("http://", "https://")) or not config.llm_model:
        raise ConfigError(
            'the writer "llm" needs llm_url, the http(s) address of an OpenAI-compatible endpoint '
            f"(it is {config.llm_url!r}), and llm_model, the model's name there (it is {config.llm_model!r})."
        )
    key = os.environ.get(config.llm_key, "") if config.llm_key else ""
    if config.llm_key and not key:
        raise ConfigError(f"llm_key names the environment variable {config.llm_key}, which is not set.")
    from heedful.llm.openai_api import OpenAIModel

    return OpenAIModel(config.llm_url, config.llm_model, key, config.llm_deadline)


def _heard(model: ChatModel, asked: Sequence[ChatMessage], plan: Plan) -> Generator[str, None, None]:
    """Yield a model's answer, tidied, up to the planned length; raise ModelError when it recites its instructions."""
    instructions = _runs(asked[0].content)
    text = ""
    with closing(_tidied(model.stream(asked))) as pieces:
        for came in pieces:
            end = _enough(text + came, plan.sentences)
            piece = (text + came)[len(text) : end]
            if "exclamation" in plan.must_not:
                piece = _EXCLAMATION.sub(".", piece)
            text += piece
            if not _runs(text).isdisjoint(instructions):
                raise ModelError("the language model recited its instructions.")
            if piece:
                yield piece
            if end is not None:
                return
    if not text.strip():
        raise ModelError("the language model answered with nothing.")


def _tidied(pieces: Generator[str, None, None]) -> Generator[str, None, None]:
    """Leave out what models put around an answer: their thoughts, blank lines, quotation marks, emphasis."""
    held = ""
    begun = False
    with closing(pieces):
        for piece in pieces:
            held += piece.translate(_ORNAMENTS)
            if not begun:
                held = held.lstrip()
                if held.startswith(_THOUGHT[0]):
                    held = held.partition(_THOUGHT[1])[2].lstrip() or held
                if not held or held.startswith(_THOUGHT[0]) or _THOUGHT[0].startswith(held):
                    continue  # it is a thought, or may yet become one
                begun = True
            yield held
            held = ""


def _enough(text: str, sentences: int) -> int | None:
    """Return where enough was said: so many sentences, or the first question; None if it was not yet."""
    for number, match in enumerate(_SENTENCE_END.finditer(text), start=1):
        if number == sentences or "?" in match[0]:
            return match.end()
    return None


def _runs(text: str) -> set[tuple[str, ...]]:
    """Return every run of words of the length that counts as reciting."""
    found = _WORD.findall(text.lower())
    return {tuple(found[at : at + _RECITED]) for at in range(len(found) - _RECITED + 1)}
