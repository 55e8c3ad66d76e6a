"""What the crisis network learns from, and the parts of its training."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import torch

pytest.importorskip("transformers", reason="needs the extra `train`")

from heedful.guard.crisis import KINDS
from heedful.guard.second import spoken
from heedful.measure.probe import probes
from heedful.models.manifest import WEIGHTS
from training.__main__ import plain_tokenizer
from training.crisis import RECIPE, Shown, read_crisis_recipe, smaller_vocabulary, through
from training.crisis_finish import Tried, figures, tuned, unmeasured
from training.crisis_finish import probes as build_probes
from training.crisis_texts import Told, among_others, authored, draws, known, with_slips
from training.network import TextNetwork

FILES = ("danger", "near", "ordinary")


@pytest.mark.parametrize("name", FILES)
def test_the_same_seed_draws_the_same_texts(name: str) -> None:
    assert authored(name, 2, 3) == authored(name, 2, 3)
    assert authored(name, 2, 3) != authored(name, 2, 4)


@pytest.mark.parametrize("name", FILES)
def test_every_text_is_whole_and_has_a_level_that_fits(name: str) -> None:
    for told in authored(name, 3, 1):
        assert not set("{}|@") & set(told.words), told
        assert (told.level in ("high", "imminent")) <= (told.kind in KINDS), told
        assert name == "danger" or told.level in ("none", "concern"), told


def test_every_kind_of_danger_is_told_of_and_there_are_as_many_near_misses() -> None:
    danger, near = authored("danger", 20, 1), authored("near", 20, 1)
    assert {told.kind for told in danger} == set(KINDS)
    assert len(near) > 0.9 * len(danger) > 1000


@pytest.mark.parametrize("part", ["kept", "unseen"])
def test_nothing_that_the_guard_is_measured_with_is_learned_from(part: str) -> None:
    measured = probes("kept" if part == "kept" else "unseen")
    held = {spoken(text) for text in (*measured.near, *(danger.text for danger in measured.crisis))}
    written = [told for name in FILES for told in authored(name, 60, 7)]
    assert not held & {told.words for told in (*unmeasured(written), *build_probes())}
    assert len(held & {told.words for told in written}) <= 2


def test_a_text_gives_no_more_than_it_has() -> None:
    assert sorted(draws("{a|the} {cat|@pets} sat", {"pets": ["dog"]}, 50, random.Random(1))) == [
        "a cat sat", "a dog sat", "the cat sat", "the dog sat",
    ]  # fmt: skip


def test_what_the_rules_know_is_drawn_as_they_see_it() -> None:
    told = known(1, 1)
    assert {each.level for each in told} >= {"none", "high", "imminent"}
    assert len(told) > 500


def test_a_text_among_others_keeps_its_label_and_its_words() -> None:
    told = [Told(f"i am in danger {number}", "high", "abuse") for number in range(40)]
    mixed = among_others(told, ["it rained", "we ate"], 0.5, random.Random(1))
    assert all(old.words in new.words and new.kind == "abuse" for old, new in zip(told, mixed, strict=True))
    assert 5 < sum(new != old for old, new in zip(told, mixed, strict=True)) < 35


def test_a_slip_changes_one_word_at_most() -> None:
    told = [Told("nothing matters anymore today", "high", "suicide"), Told("i am", "none", None)] * 20
    for old, new in zip(told, with_slips(told, 1.0, random.Random(2)), strict=True):
        changed = sum(a != b for a, b in zip(old.words.split(), new.words.split(), strict=True))
        assert changed <= 1
        assert new.level == old.level


def test_a_smaller_vocabulary_still_reads_every_word_in_letters(tmp_path: Path) -> None:
    pools = {"danger": [Told("i want to be gone", "high", "suicide")], "ordinary": [Told("the cat sat", "none", None)]}
    kept = smaller_vocabulary(WEIGHTS / "reader" / "tokenizer.json", pools, 300, tmp_path / "tokenizer.json")
    tokenizer = plain_tokenizer(tmp_path / "tokenizer.json")
    assert len(kept) <= 300
    assert tokenizer.encode("i want to be gone").tokens == ["[CLS]", "i", "want", "to", "be", "gone", "[SEP]"]
    assert "[UNK]" not in tokenizer.encode("zebra xylophone").tokens
    assert max(tokenizer.encode("the strange zebra sat").ids) < len(kept)


def test_the_layers_one_by_one_say_what_the_whole_encoder_says() -> None:
    torch.manual_seed(1)
    network = TextNetwork.tiny({"level": 3, "kind": len(KINDS)}).eval()
    tokens, mask = torch.tensor([[5, 6, 7, 8], [9, 10, 0, 0]]), torch.tensor([[1.0] * 4, [1.0, 1.0, 0.0, 0.0]])
    with torch.no_grad():
        whole = network.encoder(input_ids=tokens, attention_mask=mask.long()).last_hidden_state
        half = through(network, network.encoder.embeddings(tokens), mask, 0, 1)
        after = through(network, half, mask, 1, 2)
    assert torch.allclose(whole[0], after[0], atol=1e-5)
    assert torch.allclose(whole[1, :2], after[1, :2], atol=1e-5)


def test_thresholds_hold_ordinary_messages_to_their_share() -> None:
    recipe = read_crisis_recipe(RECIPE)
    random_state = torch.Generator().manual_seed(1)
    everyday = Tried(torch.randn(4000, 3, generator=random_state).numpy() - 4.0, torch.zeros(4000, 8).numpy())
    dangers = [Told("x", "high", "abuse"), Told("y", "imminent", "abuse"), Told("z", "none", None)] * 30
    logits = torch.tensor([[4.0, 4.0, -4.0], [4.0, 4.0, 4.0], [-4.0, -4.0, -4.0]] * 30).numpy()
    kinds = torch.zeros(90, 8)
    kinds[:, KINDS.index("abuse")] = 3.0
    probed = Tried(logits, kinds.numpy())
    heads = tuned(dangers, probed, everyday, recipe)
    found = figures(dangers, probed, everyday, heads)
    assert found["alarms (GoEmotions dev)"].value <= recipe.ordinary_alarms
    assert found["noticed, of high and imminent (build probes)"].value == 1.0
    assert found["false alarms (build near misses)"].value == 0.0
    assert found["kind named rightly (build probes)"].value == 1.0
    assert Shown.__slots__ == ("hidden", "level", "kind")
