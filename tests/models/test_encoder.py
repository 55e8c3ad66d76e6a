from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from heedful.errors import NetworkError
from heedful.labels import FINE
from heedful.models.encoder import TextEncoder, calibrate
from heedful.models.manifest import Head
from tests.networks import write_network


def test_texts_of_any_length_come_back_in_their_order(weights: Path) -> None:
    write_network(weights)
    encoder = TextEncoder.open("tiny")
    texts = ["i am sad .", "happy", "my dog died .", "sad", "i am happy ."]
    values = encoder.run(encoder.tokenize(texts), batch_size=2)["fine"]
    assert values.shape == (5, len(FINE))
    assert (values[:, FINE.index("sadness")] > 0.5).tolist() == [True, False, False, True, False]
    assert (values[:, FINE.index("joy")] > 0.5).tolist() == [False, True, False, False, True]


def test_many_threads_may_read_at_once(weights: Path) -> None:
    write_network(weights)
    encoder = TextEncoder.open("tiny")

    def read(text: str) -> float:
        return float(encoder.run(encoder.tokenize([text]))["fine"][0, FINE.index("sadness")])

    with ThreadPoolExecutor(8) as pool:
        assert all(value > 0.99 for value in pool.map(read, ["i am sad ."] * 200))


def test_a_research_network_does_not_load_when_only_commercial_ones_may(weights: Path) -> None:
    write_network(weights, data_class="research")
    with pytest.raises(NetworkError, match="commercial_only"):
        TextEncoder.open("tiny", commercial_only=True)
    assert TextEncoder.open("tiny").card.data_class == "research"


def test_a_replaced_network_is_refused_at_first_use(weights: Path) -> None:
    folder = write_network(weights)
    with (folder / "network.onnx").open("ab") as file:
        file.write(b"\0")
    encoder = TextEncoder.open("tiny")
    with pytest.raises(NetworkError, match="not the file its card names"):
        encoder.run(encoder.tokenize(["sad"]))


@pytest.mark.parametrize("kind", ["multilabel", "single", "regression"])
def test_calibration_gives_values_in_range(kind: str) -> None:
    logits = np.array([[-900.0, 0.0, 900.0]], dtype=np.float32)
    values = calibrate(logits, Head(kind, ("a", "b", "c"), temperature=1.7))
    assert values.min() >= -1.0
    assert values.max() <= 1.0
    if kind == "single":
        assert values.sum() == pytest.approx(1.0)
    if kind == "multilabel":
        assert values[0, 1] == pytest.approx(0.5)


def test_a_higher_temperature_is_less_sure() -> None:
    logits = np.array([[2.0]], dtype=np.float32)
    sure, unsure = (calibrate(logits, Head("multilabel", ("a",), temperature=t))[0, 0] for t in (0.5, 2.0))
    assert sure > unsure > 0.5


def test_words_are_marked_where_they_stand_in_the_text_as_it_was_given(weights: Path) -> None:
    write_network(weights)
    encoder = TextEncoder.open("tiny")
    texts = ["my  dog died .", "\u200bsad \U0001f622 my dog died"]
    output = encoder.read(texts)
    for text, spans in zip(texts, output.spans["cause"], strict=True):
        assert [text[start:end] for start, end, probability in spans if probability > 0.5] == ["died"]
        assert all(0 <= start <= end <= len(text) for start, end, _ in spans)
    assert output.values["fine"].shape == (2, len(FINE))
    assert set(encoder.read(texts, heads=["fine"]).spans) == set()


def test_of_a_pair_the_second_text_is_marked(weights: Path) -> None:
    write_network(weights)
    output = TextEncoder.open("tiny").read(["my dog died .", "i am sad"], ["i am sad", "my dog died"])
    marked = [[span for span in spans if span[2] > 0.5] for spans in output.spans["cause"]]
    assert marked[0] == []
    assert [span[:2] for span in marked[1]] == [(7, 11)]
    assert TextEncoder.open("tiny").read([]).spans["cause"] == []
