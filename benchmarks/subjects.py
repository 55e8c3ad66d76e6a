"""The ones that are timed: Heedful as its users meet it, its bare network, and the peers.

The peers' speed depends on their architecture only, so roberta-base has random weights: nothing is downloaded.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
import onnxruntime
import torch
from transformers import BertModel, RobertaConfig, RobertaModel
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

from benchmarks.messages import messages
from heedful import Heedful
from heedful.config import Config
from heedful.models.encoder import TextEncoder
from heedful.models.session import open_session
from training.export import export_network
from training.network import TextNetwork

Tokens = list[list[int]]
MESSAGES = 64
"""Different messages per cell, so that no cache answers for a subject."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One length and batch size, with batches to go round."""

    tokens: int
    """Tokens per message, the marks at both ends included."""
    batch: int
    """Messages per call."""
    texts: tuple[tuple[str, ...], ...]
    """Batches of messages."""
    ids: tuple[Tokens, ...]
    """The same as token ids."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that reads messages."""

    name: str
    """As in the table."""
    note: str
    """What its time includes."""
    prepare: Callable[[Cell], Callable[[int], object]]
    """From a cell to a call that reads its batch number i, over and over."""


def heedful_public(config: Config) -> Subject:
    """Return Heedful through its public API: `perceive` for one message, `perceive_many` for several."""
    engine = Heedful(config)

    def prepare(cell: Cell) -> Callable[[int], object]:
        if cell.batch == 1:
            return lambda number: engine.perceive(cell.texts[number % len(cell.texts)][0])
        return lambda number: list(engine.perceive_many(cell.texts[number % len(cell.texts)], batch_size=cell.batch))

    return Subject("Heedful", "normalising, language check, tokenising, roll-ups and evidence included", prepare)


def bare_network(config: Config) -> Subject:
    """Return the shipped network alone, on token ids."""
    session = open_session(config.reader)
    heads = tuple(session.card.heads)

    def prepare(cell: Cell) -> Callable[[int], object]:
        feeds = [_arrays(ids) for ids in cell.ids]
        return lambda number: session.run(feeds[number % len(feeds)], heads)

    return Subject("its network alone", "without tokenising and roll-ups", prepare)


def roberta(layers: int = 12) -> TextNetwork:
    """Return roberta-base with random weights and one head of 28 labels."""
    config = RobertaConfig(
        vocab_size=50265, max_position_embeddings=514, type_vocab_size=1, layer_norm_eps=1e-5, num_hidden_layers=layers
    )
    encoder = cast(BertModel, RobertaModel(config, add_pooling_layer=False))  # the same interface
    return TextNetwork(encoder, {"fine": 28}, dropout=0.0).eval()


def roberta_torch(network: TextNetwork, threads: int) -> Subject:
    """Return roberta-base in torch, 32-bit floats."""
    torch.set_num_threads(threads)
    network.encoder.set_attn_implementation("sdpa")

    def prepare(cell: Cell) -> Callable[[int], object]:
        feeds = [{name: torch.from_numpy(array) for name, array in _arrays(ids).items()} for ids in cell.ids]

        def call(number: int) -> object:
            with torch.inference_mode():
                return network(**feeds[number % len(feeds)])

        return call

    return Subject("RoBERTa, torch fp32", "roberta-base with random weights, without tokenising", prepare)


def roberta_int8(network: TextNetwork, threads: int) -> Subject:
    """Return roberta-base as our own networks are shipped: exported, fused and quantised to int8 by the same code."""
    logging.disable(logging.WARNING)  # the quantiser's advice, which our own export does not heed either
    with tempfile.TemporaryDirectory() as folder:
        _, path = export_network(network, Path(folder), _calibration())
        content = path.read_bytes()
    logging.disable(logging.NOTSET)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])

    def prepare(cell: Cell) -> Callable[[int], object]:
        feeds = [_arrays(ids) for ids in cell.ids]
        return lambda number: session.run(None, feeds[number % len(feeds)])

    return Subject("RoBERTa, ONNX int8", "the same, fused and quantised like ours, without tokenising", prepare)


def _calibration() -> list[dict[str, np.ndarray[tuple[int, ...], np.dtype[np.int64]]]]:
    """Return random token ids: what the ranges are fitted to changes the figures of random weights, not their speed."""
    random = np.random.default_rng(0)
    return [_arrays([random.integers(5, 50000, 16).tolist()]) for _ in range(8)]


def vader() -> Subject:
    """Return VADER, a lexicon with rules: three classes of sentiment, no emotions."""
    analyzer = SentimentIntensityAnalyzer()

    def prepare(cell: Cell) -> Callable[[int], object]:
        return lambda number: [analyzer.polarity_scores(text) for text in cell.texts[number % len(cell.texts)]]

    return Subject("VADER", "sentiment only, from a word list", prepare)


def cells(encoder: TextEncoder, lengths: Sequence[int], batches: Sequence[int]) -> list[Cell]:
    """Make every cell of the table, each of 64 different messages."""
    found: list[Cell] = []
    for batch in batches:
        for tokens in lengths:
            texts = messages(encoder.tokenize, tokens, MESSAGES)
            groups = tuple(tuple(texts[start : start + batch]) for start in range(0, MESSAGES, batch))
            found.append(Cell(tokens, batch, groups, tuple(encoder.tokenize(group) for group in groups)))
    return found


def _arrays(ids: Tokens) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.int64]]]:
    array = np.array(ids, dtype=np.int64)
    return {"input_ids": array, "attention_mask": np.ones_like(array)}
