"""The whole of the voice training, on a few clips made here."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pyarrow as pa
import pytest
import soundfile
import torch
from pyarrow import parquet

from heedful.labels import BURST, VOICE
from heedful.measure.voice import CROSS
from heedful.models.manifest import Card
from heedful.perceive.logmel import BANDS
from training.voice_augment import vary
from training.voice_data import TABLES, Clip, read_clips
from training.voice_export import export, temperature_of, write_card
from training.voice_fit import VoiceFit, fit_voice, logits_of, padded, recall, weights_of
from training.voice_folds import Runs, counted, fold_of, four_of, write
from training.voice_network import VoiceNetwork
from training.voice_recipe import HEADS, VoiceRecipe, read_voice_recipe

SMALL = VoiceFit(epochs=2, learning_rate=1e-3, batch_size=32, most_frames=32)


def sound(pitch: float, seconds: float = 0.3) -> bytes:
    at = np.arange(round(16_000 * seconds)) / 16_000
    file = io.BytesIO()
    soundfile.write(file, 0.3 * np.sin(2 * np.pi * pitch * at), 16_000, format="WAV")
    return file.getvalue()


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Tables of a few tones each: anger is high, sadness is low."""
    folder = tmp_path / "voice"
    folder.mkdir()
    for table in TABLES:
        words = ("Anger", "Sadness") if table == "emogator" else ("angry", "sad")
        speakers = {"ravdess": range(1, 25), "emogator": (1, 356)}.get(table, (3, *range(8, 17)))
        rows = [
            {"clip": f"{table}-{speaker}-{word}", "speaker": f"s{speaker:02d}", "sex": "f", "emotion": word.lower(),
             "emotion_raw": word, "intensity": "strong" if table == "ravdess" else None, "duplicate_of": None,
             "audio": sound(420.0 if word.lower().startswith("ang") else 130.0)}
            for speaker in speakers for word in words
        ]  # fmt: skip
        parquet.write_table(pa.Table.from_pylist(rows), folder / f"{table}.parquet")
    monkeypatch.setenv("HEEDFUL_DATA", str(tmp_path))
    return tmp_path


def small(recipe: VoiceRecipe) -> VoiceRecipe:
    return replace(recipe, channels=(4, 4, 4, 4, 8), fits=dict.fromkeys(recipe.fits, SMALL))


def clip(label: str, corpus: str = "nemo", mel: np.ndarray | None = None) -> Clip:
    picture = np.full((40, BANDS), -0.5, dtype=np.float16) if mel is None else mel
    hot = tuple(float(each == label) for each in VOICE)
    allowed = tuple(float(each in ("anger", "sadness")) for each in VOICE)
    return Clip("c", corpus, "s1", "f", label, (picture,), hot, allowed, (0.0, 0.0), BURST.index("speech"), -1.0)


def test_protocol_and_card_come_out_of_a_run(data: Path) -> None:
    clips = read_clips(data / "cache")
    assert {each.corpus for each in clips} == set(TABLES)
    again = read_clips(data / "cache")  # from the cache
    assert (again[5].mels[1] == clips[5].mels[1]).all()
    runs = Runs(small(read_voice_recipe()), clips, data)
    write(runs, data / "folds.json", ["urdu"])
    said = json.loads((data / "folds.json").read_text())
    assert set(said) == {"cross urdu"}
    assert len(said["cross urdu"]["said"]) == 20
    assert {clip.speaker for clip in runs.fold(5)[1]} == {"s21", "s22", "s23", "s24"}
    assert {(clip.corpus, clip.speaker) for clip in runs.speaker(1)[1]} == {
        ("emodb_4class", "s08"), ("emodb_all_2s", "s08"),
    }  # fmt: skip
    export(runs.shipped(), data / "out" / "network.onnx")
    card = write_card(runs.recipe, runs.shipped(), clips, data / "out")
    assert Card.from_dict(json.loads((data / "out" / "card.json").read_text())).sha256 == card.sha256
    assert any("without speakers s23, s24" in line for line in card.data)


def test_nobody_is_heard_by_a_network_that_is_tested_on_them(data: Path) -> None:
    clips = read_clips(data / "cache")
    recipe = small(read_voice_recipe())
    heard = {(each.corpus, each.speaker) for each in recipe.heard(clips)}
    kept = {(each.corpus, each.speaker) for each in recipe.unheard(clips)}
    assert not heard & kept
    assert {speaker for corpus, speaker in kept if corpus == "ravdess"} == {"s23", "s24"}
    assert [fold_of(each) for each in clips if each.corpus == "ravdess"] == [at // 4 for at in range(24) for _ in "ab"]
    assert sorted({fold_of(each) for each in clips if each.corpus == "emodb_all_2s"}) == list(range(10))
    both = {fold_of(each) for each in clips if each.corpus.startswith("emodb") and each.speaker == "s12"}
    assert len(both) == 1  # the same utterances are in both tables


def test_a_network_learns_to_tell_high_from_low() -> None:
    random = np.random.default_rng(0)

    def picture(band: int) -> np.ndarray:
        mel = np.full((40, BANDS), -1.0, dtype=np.float16)
        mel[:, band + int(random.integers(-4, 4)) :][:, :6] = 0.0
        return mel

    clips = [clip(label, mel=picture(band)) for _ in range(24) for label, band in (("anger", 60), ("sadness", 15))]
    fit = VoiceFit(epochs=8, learning_rate=8e-3, batch_size=16, strength=0.3, mixup=0.1, ema_decay=0.9)
    torch.manual_seed(0)
    network = fit_voice(VoiceNetwork(HEADS, (4, 4, 4, 4, 8), 0.0), clips, fit, 1)
    assert recall(logits_of(network, clips), clips) > 0.9


def test_variation_keeps_the_shape_and_hides_nothing_in_the_padding() -> None:
    mel = torch.rand(6, 40, BANDS) - 1.0
    mask = torch.ones(6, 40)
    mask[:, 30:] = 0.0
    for seed in range(8):
        varied = vary(mel, mask, np.random.default_rng(seed))
        assert varied.shape == mel.shape
        assert torch.isfinite(varied).all()
        assert varied.min() >= -1.0
        assert (varied[:, 30:] == -1.0).all()
    assert not torch.equal(varied[:, :30], mel[:, :30])


def test_labels_of_a_corpus_and_corpora_count_alike_as_asked() -> None:
    clips = [clip("anger")] * 3 + [clip("sadness")] + [clip("anger", "urdu")] * 16
    weights = weights_of(clips, 0.0)
    assert weights["nemo", "anger"] * 3 == pytest.approx(weights["nemo", "sadness"])
    even = weights_of(clips, 1.0)
    assert even["urdu", "anger"] * 16 == pytest.approx(even["nemo", "anger"] * 3 + even["nemo", "sadness"])


def test_four_feelings_are_told_apart_with_calm_as_neutral() -> None:
    logits = np.full((2, len(VOICE)), -5.0, dtype=np.float32)
    logits[0, VOICE.index("anger")] = 1.0
    logits[1, [VOICE.index("joy"), VOICE.index("neutral"), VOICE.index("calm")]] = (1.0, 0.8, 0.8)
    assert [CROSS[at] for at in four_of(logits)] == ["anger", "neutral"]
    assert [counted(clip(label)) for label in ("calm", "fear", "joy")] == ["neutral", "", "joy"]


def test_the_exported_network_says_what_the_fitted_one_says(tmp_path: Path) -> None:
    torch.manual_seed(3)
    network = VoiceNetwork(HEADS).eval()
    export(network, tmp_path / "network.onnx")
    mel, mask = padded(
        [np.random.default_rng(0).uniform(-1, 0, (count, BANDS)).astype(np.float32) for count in (33, 90)]
    )
    session = onnxruntime.InferenceSession(str(tmp_path / "network.onnx"))
    ours = session.run(["emotion"], {"mel": mel, "mask": mask})[0]
    with torch.no_grad():
        theirs = network(torch.from_numpy(mel), torch.from_numpy(mask))[0].numpy()
    assert np.abs(ours - theirs).max() < 0.02  # weights are kept as 16-bit floats
    kinds = {each.data_type for each in onnx.load(str(tmp_path / "network.onnx")).graph.initializer}
    assert onnx.TensorProto.FLOAT16 in kinds


def test_a_network_that_is_too_sure_gets_a_temperature_above_one() -> None:
    clips = [clip("anger"), clip("sadness")] * 20
    logits = np.zeros((40, len(VOICE)), dtype=np.float32)
    for row, each in enumerate(clips):
        wrong = row % 10 == 0
        logits[row, VOICE.index(each.label if not wrong else "anger" if each.label == "sadness" else "sadness")] = 12.0
    assert temperature_of(logits, clips) > 1.5
