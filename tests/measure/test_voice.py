import hashlib
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet
from sklearn.metrics import recall_score

from heedful.errors import InputError
from heedful.labels import VOICE
from heedful.measure import voice
from heedful.measure.metric import measured
from heedful.measure.voice import label_of, mean_of, measure_shipped, read_heard, recall_tally, unheard_of
from heedful.models.manifest import card
from heedful.types import Reading
from tests.networks import weights
from tests.voices import write_voice_network

__all__ = ["weights"]
ROWS = [
    {"clip": f"c{number}", "speaker": "s23" if number < 6 else "s01", "sex": "fm"[number % 2], "audio": b"",
     "emotion": ("angry", "calm", "happy")[number % 3], "duplicate_of": "c0" if number == 11 else None}
    for number in range(12)
]  # fmt: skip


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A corpus of twelve clips; returns its sha256."""
    folder = tmp_path / "data" / "voice"
    folder.mkdir(parents=True)
    parquet.write_table(pa.Table.from_pylist(ROWS), folder / "ravdess.parquet")
    monkeypatch.setenv("HEEDFUL_DATA", str(tmp_path / "data"))
    return hashlib.sha256((folder / "ravdess.parquet").read_bytes()).hexdigest()


def said(path: Path, sha256: str, letters: str, labels: tuple[str, ...] = VOICE) -> Path:
    path.write_text(
        json.dumps({"folds ravdess": {"table": "ravdess", "sha256": sha256, "labels": labels, "said": letters}})
    )
    return path


def test_recall_counts_every_class_alike() -> None:
    truth, guess = np.array([0, 0, 0, 0, 2]), np.array([0, 0, 1, 1, 2])
    assert recall_tally(truth, guess).value == pytest.approx((0.5 + 1.0) / 2)
    assert measured("UAR", recall_tally(truth, guess)).n == 5


def test_means_and_gaps_are_over_items_of_their_own() -> None:
    parts = [
        recall_tally(np.array([0, 1]), np.array([0, 1])),
        recall_tally(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 0])),
    ]
    assert mean_of(parts).value == pytest.approx(0.75)
    assert mean_of(parts, (1.0, -1.0)).value == pytest.approx(0.5)
    figure = measured("gap", mean_of(parts, (1.0, -1.0)))
    assert figure.n == 6
    assert figure.low <= figure.value <= figure.high


def test_what_was_said_is_set_beside_the_truth_without_duplicates(corpus: str, tmp_path: Path) -> None:
    heard = read_heard("folds ravdess", said(tmp_path / "folds.json", corpus, "a" * 11))
    assert len(heard.truth) == 11
    assert set(heard.sex) == {"f", "m"}
    right = [
        row["emotion"] == "angry" for row in sorted(ROWS, key=lambda row: str(row["clip"])) if row["clip"] != "c11"
    ]
    assert (heard.said == heard.truth).tolist() == right


@pytest.mark.parametrize("letters", ["a", "a" * 12])
def test_a_file_that_does_not_fit_the_corpus_is_refused(corpus: str, tmp_path: Path, letters: str) -> None:
    with pytest.raises(InputError, match="11"):
        read_heard("folds ravdess", said(tmp_path / "folds.json", corpus, letters))
    with pytest.raises(InputError, match="is not the file"):
        read_heard("folds ravdess", said(tmp_path / "folds.json", "0" * 64, "a" * 11))
    with pytest.raises(InputError, match=r"training\.voice_folds"):
        read_heard("cross urdu", tmp_path / "folds.json")
    with pytest.raises(InputError, match=r"training\.voice_folds"):
        read_heard("folds ravdess", tmp_path / "missing.json")


def test_women_and_men_are_set_side_by_side(corpus: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = said(tmp_path / "folds.json", corpus, "a" * 11)
    heard = read_heard("folds ravdess", path)
    monkeypatch.setattr(voice, "read_heard", lambda *_: heard)
    result = voice.measure_sexes(path)
    figures = {figure.name: figure for figure in result.columns[0].figures}
    for sex, name in (("f", "women"), ("m", "men")):
        mine = [place for place, each in enumerate(heard.sex) if each == sex]
        told = recall_score(heard.truth[mine], heard.said[mine], average="macro", labels=sorted(set(heard.truth[mine])))
        assert figures[f"RAVDESS: recall, {name}"].value == pytest.approx(told, abs=1e-9)
        assert figures[f"RAVDESS: recall, {name}"].n == len(mine)
    women, men = (figures[f"RAVDESS: recall, {name}"].value for name in ("women", "men"))
    assert figures["RAVDESS: gap between groups"].value == pytest.approx(abs(women - men), abs=1e-9)


def test_calm_counts_as_neutral_only_where_the_protocol_says_so() -> None:
    assert label_of("ravdess", "calm", VOICE) == "calm"
    assert label_of("turev", "calm", VOICE) == "neutral"
    assert label_of("ravdess", "calm", voice.CROSS) == "neutral"


def test_the_shipped_network_is_measured_on_the_speakers_its_card_names(
    corpus: str, weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_voice_network(weights)
    monkeypatch.setattr(voice, "CROSS_TABLES", ("ravdess",))
    monkeypatch.setattr(voice, "TABLES", ("ravdess",))
    its_card = card("voice")
    assert unheard_of(its_card, "ravdess") == {"s23", "s24"}
    with pytest.raises(InputError, match="nemo"):
        unheard_of(its_card, "nemo")
    angry = Reading("voice", "x", probabilities={label: float(label == "anger") for label in VOICE})
    result = measure_shipped(lambda _: angry, its_card)
    assert result.n == result.whole == 6
    assert result.columns[0].figures[0].value == pytest.approx(1 / 3)
    silent = Reading("voice", "x", abstained="no voice")
    abstaining = measure_shipped(lambda _: silent, its_card, 4)
    assert abstaining.columns[0].abstained == 4
    assert abstaining.columns[0].figures[0].value == 0.0
    assert (abstaining.n, abstaining.whole) == (4, 6)


def test_what_is_committed_holds_every_run_of_the_protocol() -> None:
    kept = json.loads(voice.FOLDS.read_text(encoding="utf-8"))
    assert set(kept) >= {"folds ravdess", "folds emodb_4class", "folds emodb_all_2s", "cross ravdess"}
    for each in kept.values():
        assert {ord(letter) - ord("a") for letter in each["said"]} <= set(range(len(each["labels"])))
