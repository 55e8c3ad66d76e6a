import numpy as np
import pytest

from heedful.perceive.prosody import FIGURES, Baseline, prosody_of
from tests.voices import silence, spoken


def test_a_higher_and_louder_voice_measures_so_in_hertz_and_decibels() -> None:
    low, high = prosody_of(spoken(2.0, pitch=120.0, loudness=0.1)), prosody_of(spoken(2.0, pitch=240.0))
    loud = prosody_of(spoken(2.0, pitch=120.0, loudness=0.4))
    assert low["pitch_hz"] == pytest.approx(124.0, rel=0.06)
    assert high["pitch_hz"] == pytest.approx(248.0, rel=0.06)
    assert loud["loudness_db"] - low["loudness_db"] == pytest.approx(12.04, abs=0.05)


def test_syllables_are_counted() -> None:
    assert prosody_of(spoken(3.0))["syllables_per_second"] == pytest.approx(4.0, abs=0.7)


def test_a_pause_is_measured_in_seconds() -> None:
    figures = prosody_of(np.concatenate([spoken(1.0), silence(0.5), spoken(1.0)]))
    assert figures["longest_pause_s"] == pytest.approx(0.5, abs=0.12)
    assert figures["pause_share"] == pytest.approx(0.2, abs=0.06)


def test_a_breathy_voice_is_less_harmonic() -> None:
    voice = spoken(1.5)
    breath = np.random.default_rng(0).standard_normal(len(voice)).astype(np.float32) * voice.std() * 0.4
    assert prosody_of(voice + breath)["harmonicity_db"] < prosody_of(voice)["harmonicity_db"] - 3.0


def test_silence_has_figures_but_no_pitch() -> None:
    figures = prosody_of(silence(1.0))
    assert set(figures) < set(FIGURES)
    assert "pitch_hz" not in figures
    assert all(np.isfinite(value) for value in figures.values())


class TestBaseline:
    def after(self, times: int, **changed: float) -> Baseline:
        known = Baseline()
        for _ in range(times):
            known = known.after({"pitch_hz": 120.0, "loudness_db": -30.0, **changed})
        return known

    def test_nothing_is_a_change_before_the_person_is_known(self) -> None:
        assert self.after(0).changes({"loudness_db": 0.0}) == {}
        assert self.after(1).changes({"loudness_db": 0.0}) == {}

    def test_louder_and_higher_is_told_strongest_first(self) -> None:
        changes = self.after(4).changes({"pitch_hz": 150.0, "loudness_db": -18.0})
        assert list(changes) == ["louder than before", "higher than before"]
        assert all(0.0 < strength <= 1.0 for strength in changes.values())

    def test_what_is_usual_for_the_person_is_no_change(self) -> None:
        known = Baseline()
        for level in (-30.0, -18.0) * 4:
            known = known.after({"loudness_db": level})
        assert known.changes({"loudness_db": -19.0}) == {}

    def test_it_follows_the_person_and_survives_json(self) -> None:
        known = self.after(4)
        for _ in range(40):
            known = known.after({"loudness_db": -15.0})
        assert known.mean["loudness_db"] == pytest.approx(-15.0, abs=1.0)
        assert Baseline.from_dict(known.to_dict()) == known

    def test_it_holds_numbers_only(self) -> None:
        plain = self.after(3).to_dict()
        assert len(str(plain)) < 1000
