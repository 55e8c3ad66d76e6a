"""Train, export, tune and measure the crisis network: `python -m training.crisis` (recipes/crisis.toml)."""

from __future__ import annotations

import argparse
import copy
import json
import logging
import math
import random
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional
from transformers import BertConfig, BertModel

from heedful.guard.crisis import KINDS
from heedful.guard.scan import LEVELS
from heedful.models.manifest import WEIGHTS
from heedful.models.tokens import lay_out
from training.__main__ import logging_to, plain_tokenizer
from training.crisis_finish import export, finish, infer, probes, unmeasured
from training.crisis_texts import ORDINARY, Told, among_others, authored, known, ordinary, with_slips
from training.network import TextNetwork, fetch_base
from training.recipe import Base

log = logging.getLogger("training")
Floats = NDArray[np.floating]
RECIPE = Path(__file__).parent / "recipes" / "crisis.toml"
_ORDINARY_TEXTS = {"goemotions": 20_000, "edos": 4_000, "goodnewseveryone": 1_500}
"""So many messages of a dataset are learned from; of the others all."""
_SEARCHED = 12_000
"""Among so many ordinary messages those are looked for that alarm the network most."""
_AT_ONCE = 64
_RARE = 5
"""A word piece counts so many times as much in a text that was written for this as in an ordinary message."""


@dataclass(frozen=True, slots=True)
class CrisisRecipe:
    """Everything that a run depends on, besides the texts; the file explains each."""

    name: str
    description: str
    seed: int
    frozen_layers: int
    tuned_layers: int
    vocabulary: int
    max_tokens: int
    drawn: int
    roundabout: int
    known: int
    joined: float
    slips: float
    steps: int
    hard_steps: tuple[int, ...]
    hard: int
    batch_size: int
    learning_rate: float
    ordinary_alarms: float
    limits: tuple[str, ...]
    base: Base
    mix: Mapping[str, float]
    data_class: str = "open"


@dataclass(frozen=True, slots=True)
class Shown:
    """A text as the tuned layers see it."""

    hidden: NDArray[np.float16]
    """What the frozen layers say of it, tokens x width."""
    level: int
    """0 to 3."""
    kind: int
    """Place in KINDS, -1 where there is no danger."""


def main() -> None:
    """Make the network from its recipe and write it beside the shipped ones."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="where logs and intermediate files go")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="where the exported network goes")
    parser.add_argument("--steps", type=int, help="instead of the recipe's")
    options = parser.parse_args()
    recipe = read_crisis_recipe(RECIPE)
    if options.steps:
        recipe = replace(recipe, steps=options.steps)
    folder = options.runs / recipe.name
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(options.threads)
    torch.manual_seed(recipe.seed)
    with closing(logging.FileHandler(folder / "log.txt")) as file, logging_to(logging.StreamHandler(), file):
        make(recipe, folder, options.weights / recipe.name)


def read_crisis_recipe(path: Path) -> CrisisRecipe:
    """Read the recipe; a key that is missing or wrong is named in the error."""
    return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), CrisisRecipe, strict=True)


def make(recipe: CrisisRecipe, folder: Path, target: Path) -> None:
    """Draw the texts, fit the network and hand it on to be finished."""
    pools = drawn(recipe)
    base = fetch_base(recipe.base, folder.parent / "base")
    vocabulary = smaller_vocabulary(base / "tokenizer.json", pools, recipe.vocabulary, folder / "tokenizer.json")
    network = smaller_network(base, vocabulary, recipe)
    tokenizer = plain_tokenizer(folder / "tokenizer.json")
    first = folder / "first.pt"
    if first.exists():
        network.load_state_dict(torch.load(first))
        log.info("goes on from %s", first)
    else:
        fit(network, _shown(network, tokenizer, pools, recipe), recipe.steps, recipe)
        torch.save(network.state_dict(), first)
    for turn, steps in enumerate(recipe.hard_steps, start=1):
        done = folder / f"round{turn}.pt"
        if done.exists():
            network.load_state_dict(torch.load(done))
            log.info("goes on from %s", done)
            continue
        harder = hardened(network, tokenizer, pools, recipe, folder)
        fit(network, _shown(network, tokenizer, harder, recipe), steps, recipe)
        torch.save(network.state_dict(), done)
    finish(network, tokenizer, pools, recipe, folder, target)


def hardened(
    network: TextNetwork, tokenizer: Tokenizer, pools: Mapping[str, list[Told]], recipe: CrisisRecipe, folder: Path
) -> dict[str, list[Told]]:
    """Return some of the texts, and what is hard: hints at danger, their harmless twins, false alarms, the probes."""
    exported = export(copy.deepcopy(network), tokenizer, pools, recipe, folder / "first")
    dice = random.Random(recipe.seed)
    everyday = [words for name in ORDINARY for words in ordinary(name, "train")]
    everyday = dice.sample(everyday, min(len(everyday), _SEARCHED))
    alarm = infer(exported, tokenizer, everyday, recipe).levels[:, 1]
    hardest = [Told(everyday[row], "none", None) for row in np.argsort(-alarm)[: recipe.hard]]
    some = {name: dice.sample(texts, min(len(texts), recipe.hard)) for name, texts in pools.items()}
    hints = {name: authored(name, recipe.roundabout, recipe.seed) for name in ("oblique_danger", "oblique_near")}
    hints = {name: _as_written(texts, everyday, recipe, dice) for name, texts in hints.items()}
    log.info("texts: %s", {name: len(texts) for name, texts in hints.items()})
    return {**some, **hints, "hard": hardest, "probes": probes()}


def _as_written(texts: list[Told], everyday: Sequence[str], recipe: CrisisRecipe, dice: random.Random) -> list[Told]:
    """Return texts without those that the guard is measured with, some among others, some with slips."""
    return with_slips(among_others(unmeasured(texts), everyday, recipe.joined, dice), recipe.slips, dice)


def drawn(recipe: CrisisRecipe) -> dict[str, list[Told]]:
    """Return the texts of each kind: danger, rules, near, ordinary."""
    dice = random.Random(recipe.seed)
    everyday: list[str] = []
    for name in ORDINARY:
        found = ordinary(name, "train")
        most = _ORDINARY_TEXTS.get(name, len(found))
        everyday += dice.sample(found, min(most, len(found)))
    pools = {
        "danger": authored("danger", recipe.drawn, recipe.seed),
        "rules": known(recipe.known, recipe.seed),
        "near": [*authored("near", recipe.drawn, recipe.seed), *authored("ordinary", recipe.drawn // 2, recipe.seed)],
        "ordinary": [Told(words, "none", None) for words in everyday],
    }
    for name in ("danger", "near"):
        pools[name] = _as_written(pools[name], everyday, recipe, dice)
    pools["rules"] = unmeasured(pools["rules"])
    log.info("texts: %s", {name: len(texts) for name, texts in pools.items()})
    return pools


def smaller_vocabulary(whole: Path, pools: Mapping[str, Sequence[Told]], size: int, path: Path) -> dict[str, int]:
    """Write a tokenizer with the commonest word pieces only, and return each with its number in the whole one."""
    data = json.loads(whole.read_text(encoding="utf-8"))
    numbers: dict[str, int] = data["model"]["vocab"]
    if path.exists():  # of a run that goes on
        return {piece: numbers[piece] for piece in json.loads(path.read_text(encoding="utf-8"))["model"]["vocab"]}
    tokenizer = plain_tokenizer(whole)
    counts: Counter[int] = Counter()
    for name, texts in pools.items():
        for encoding in tokenizer.encode_batch([told.words for told in texts], add_special_tokens=False):
            for number in encoding.ids:
                counts[number] += 1 if name == "ordinary" else _RARE
    letters = {piece for piece in numbers if len(piece.removeprefix("##")) == 1 and piece.isascii()}
    special = [each["content"] for each in data["added_tokens"]]
    names = {number: piece for piece, number in numbers.items()}
    common = [names[number] for number, _ in counts.most_common(size)]
    kept = list(dict.fromkeys([*special, *sorted(letters, key=numbers.__getitem__), *common]))[:size]
    data["model"]["vocab"] = {piece: place for place, piece in enumerate(kept)}
    for each in data["added_tokens"]:
        each["id"] = kept.index(each["content"])
    for mark, each in data["post_processor"]["special_tokens"].items():
        each["ids"] = [kept.index(mark)]
    data["truncation"] = data["padding"] = None
    path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return {piece: numbers[piece] for piece in kept}


def smaller_network(base: Path, vocabulary: Mapping[str, int], recipe: CrisisRecipe) -> TextNetwork:
    """Return the first layers of the base encoder, with the rows of the kept word pieces only, and fresh heads."""
    whole = BertModel.from_pretrained(base, add_pooling_layer=False, attn_implementation="sdpa")
    settings = whole.config.to_dict() | {
        "vocab_size": len(vocabulary),
        "num_hidden_layers": recipe.frozen_layers + recipe.tuned_layers,
        "max_position_embeddings": recipe.max_tokens,
    }
    encoder = BertModel(BertConfig(**settings), add_pooling_layer=False)
    encoder.set_attn_implementation("sdpa")
    taken = {name: value for name, value in whole.state_dict().items() if name in encoder.state_dict()}
    rows = torch.tensor(list(vocabulary.values()))
    taken["embeddings.word_embeddings.weight"] = taken["embeddings.word_embeddings.weight"][rows]
    for name in ("embeddings.position_embeddings.weight", "embeddings.position_ids", "embeddings.token_type_ids"):
        if name in taken:
            here = encoder.state_dict()[name].shape
            taken[name] = taken[name][: here[0]] if "weight" in name else taken[name][:, : here[1]]
    encoder.load_state_dict(taken, strict=False)
    return TextNetwork(encoder, {"level": len(LEVELS) - 1, "kind": len(KINDS)}, 0.1)


@torch.no_grad()
def show(network: TextNetwork, tokenizer: Tokenizer, texts: Sequence[Told], recipe: CrisisRecipe) -> list[Shown]:
    """Return what the frozen layers say of each text."""
    network.eval()
    ids = [each.ids for each in lay_out(tokenizer, [told.words for told in texts], None, recipe.max_tokens)]
    order = sorted(range(len(ids)), key=lambda row: len(ids[row]))
    found: list[Shown | None] = [None] * len(ids)
    for start in range(0, len(order), _AT_ONCE):
        rows = order[start : start + _AT_ONCE]
        longest = len(ids[rows[-1]])
        tokens = torch.tensor([ids[row] + [0] * (longest - len(ids[row])) for row in rows])
        mask = torch.tensor([[1.0] * len(ids[row]) + [0.0] * (longest - len(ids[row])) for row in rows])
        hidden = through(network, network.encoder.embeddings(tokens), mask, 0, recipe.frozen_layers)
        for line, row in enumerate(rows):
            told = texts[row]
            kind = KINDS.index(told.kind) if told.kind else -1
            kept = hidden[line, : len(ids[row])].numpy().astype(np.float16)
            found[row] = Shown(kept, LEVELS.index(told.level), kind)
    return [each for each in found if each is not None]


def through(network: TextNetwork, hidden: Tensor, mask: Tensor, first: int, last: int) -> Tensor:
    """Return what some layers of the encoder make of what the layers before them said."""
    away = (1.0 - mask[:, None, None, :]) * -1e9
    for layer in network.encoder.encoder.layer[first:last]:
        after = layer(hidden, away)
        hidden = after[0] if isinstance(after, tuple) else after
    return hidden


def _shown(
    network: TextNetwork, tokenizer: Tokenizer, pools: Mapping[str, Sequence[Told]], recipe: CrisisRecipe
) -> dict[str, list[Shown]]:
    return {name: show(network, tokenizer, texts, recipe) for name, texts in pools.items()}


def fit(network: TextNetwork, shown: Mapping[str, Sequence[Shown]], steps: int, recipe: CrisisRecipe) -> None:
    """Teach the upper layers and the heads for so many steps."""
    layers = network.encoder.encoder.layer
    tuned = [weight for layer in layers[recipe.frozen_layers :] for weight in layer.parameters()]
    heads = list(network.heads.parameters())
    rate = recipe.learning_rate
    groups = [{"params": tuned, "lr": rate}, {"params": heads, "lr": rate * 10}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    warm = max(1, steps // 20)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / warm, 0.5 * (1 + math.cos(math.pi * step / steps)))
    )
    network.train()
    losses: list[float] = []
    started = time.monotonic()
    for step, rows in zip(range(1, steps + 1), _batches(shown, recipe), strict=False):
        loss = _loss(network, rows, recipe)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_([*tuned, *heads], 1.0)
        optimizer.step()
        schedule.step()
        losses.append(float(loss.detach()))
        if step % 100 == 0:
            spent = time.monotonic() - started
            log.info("step %d/%d loss %.4f, %.0f s", step, steps, np.mean(losses[-100:]), spent)


def _batches(shown: Mapping[str, Sequence[Shown]], recipe: CrisisRecipe) -> Iterator[list[Shown]]:
    """Yield batches of near-equal length, mixed as the recipe says, for ever."""
    dice = random.Random(recipe.seed)
    while True:
        some: list[Shown] = []
        for name, texts in shown.items():
            some += dice.choices(texts, k=round(recipe.mix[name] * recipe.batch_size * 16))
        some.sort(key=lambda each: len(each.hidden))
        batches = [some[at : at + recipe.batch_size] for at in range(0, len(some), recipe.batch_size)]
        dice.shuffle(batches)
        yield from batches


def _loss(network: TextNetwork, rows: Sequence[Shown], recipe: CrisisRecipe) -> Tensor:
    longest = max(len(each.hidden) for each in rows)
    hidden = torch.zeros(len(rows), longest, network.encoder.config.hidden_size)
    mask = torch.zeros(len(rows), longest)
    for line, each in enumerate(rows):
        hidden[line, : len(each.hidden)] = torch.from_numpy(each.hidden).float()
        mask[line, : len(each.hidden)] = 1.0
    hidden = through(network, hidden, mask, recipe.frozen_layers, recipe.frozen_layers + recipe.tuned_layers)
    pooled = network.dropout((hidden * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True))
    reached = torch.tensor([[float(each.level > place) for place in range(len(LEVELS) - 1)] for each in rows])
    loss = functional.binary_cross_entropy_with_logits(network.heads["level"](pooled), reached * 0.98 + 0.01) * 3.0
    dangerous = torch.tensor([each.kind >= 0 for each in rows])
    if dangerous.any():
        kinds = torch.tensor([each.kind for each in rows])[dangerous]
        loss = loss + 0.5 * functional.cross_entropy(network.heads["kind"](pooled)[dangerous], kinds)
    return loss


if __name__ == "__main__":
    main()
