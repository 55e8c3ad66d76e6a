"""Make messages of an exact length in tokens, out of sentences of our own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import cycle, islice

SENTENCES = (
    "I finally heard back from the clinic this morning and everything is fine.",
    "My sister has not answered my calls since the weekend and I am worried.",
    "They moved the deadline again without asking any of us.",
    "We walked along the river until the street lights came on.",
    "I keep thinking about what I should have said to him.",
    "The parcel came a week late and the box was crushed on one side.",
    "My son read his first whole page aloud tonight and I was so proud.",
    "Nobody at the new office has asked me my name yet.",
    "I have an interview on Tuesday and I can hardly sleep.",
    "The neighbors helped us carry everything up four floors.",
    "She borrowed my bike and brought it back with a flat tire.",
    "I did not expect to miss the old house this much.",
    "Could you tell me when the library opens on Sunday?",
    "He forgot our anniversary, and then he laughed about it.",
    "After two years of trying we are going to be parents.",
    "I put the phone down and just sat there for an hour.",
    "The meeting ran long, but at least we agreed on a plan.",
    "I feel bad about shouting at my mother on the phone.",
    "Our team lost in the last minute and the room went quiet.",
    "The doctor wants to do one more test before she says anything.",
    "I made soup for my friend because she has been ill all week.",
    "It is strange how empty the kitchen feels without the dog.",
    "They charged me twice and nobody will give me a straight answer.",
    "I was so nervous on stage that I forgot the second verse.",
)
"""Everyday sentences, each with a feeling or none."""
OPENINGS = ("", "Well, ", "You know, ")
"""What a message may begin with, so that more of them differ."""


def message(tokenize: Callable[[Sequence[str]], list[list[int]]], tokens: int, start: int) -> str:
    """Return a message of exactly `tokens` tokens, the marks at both ends included.

    Args:
        tokenize: from texts to token ids, as the network gets them.
        tokens: the length; at least 4.
        start: which opening and sentence to begin with; up to 72 starts give different messages.
    """

    def length(text: str) -> int:
        return len(tokenize([text])[0])

    turn, first = divmod(start, len(SENTENCES))
    order = cycle([*SENTENCES[first:], *SENTENCES[:first]])
    text = ""
    for word in (OPENINGS[turn % len(OPENINGS)] + " ".join(islice(order, tokens))).split():
        longer = f"{text} {word}".strip()
        if length(longer) <= tokens:
            text = longer
        if text and length(text) == tokens:
            return text
    raise ValueError(f"no message of {tokens} tokens can be made from sentence {start}")


def messages(tokenize: Callable[[Sequence[str]], list[list[int]]], tokens: int, count: int) -> list[str]:
    """Return `count` messages of exactly `tokens` tokens each."""
    return [message(tokenize, tokens, start) for start in range(count)]


def rows(count: int) -> Iterator[str]:
    """Yield `count` different texts of about twenty tokens, for throughput."""
    for number in range(count):
        first = SENTENCES[number % len(SENTENCES)]
        second = SENTENCES[(number + 1 + number // len(SENTENCES)) % len(SENTENCES)]
        words = f"{first} {second}".split()
        yield f"{' '.join(words[:16])} {number}"
