"""Train what protocol V1 asks for and keep what each network says of the speakers or corpus that it never heard.

`python -m training.voice_folds` makes `src/heedful/measure/voice_folds.json`, which `heedful measure voice` scores.
Every run is kept in the runs folder; one that is there is not trained again.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from heedful.labels import VOICE
from heedful.measure.dataset import data_file
from heedful.measure.voice import CROSS, CROSS_TABLES, FOLDS
from training.__main__ import logging_to
from training.voice_data import SPEECH, Clip, read_clips
from training.voice_fit import fit_voice, logits_of, recall
from training.voice_network import VoiceNetwork
from training.voice_recipe import RECIPE, VoiceRecipe, read_voice_recipe

log = logging.getLogger("training")

EMODB: Final = ("emodb_4class", "emodb_all_2s")
NEAR: Final = ("urdu", "turev", "nemo", "emogator")
"""Tables that teach the start of the runs for RAVDESS, Emo-DB and the shipped network."""
FAR: Final = ("ravdess", *EMODB, "emogator")
"""Tables that teach the start of the runs that leave one of the others out."""
Watch = Callable[[VoiceNetwork], str]


class Runs:
    """The runs of a recipe, each trained once and kept.

    Args:
        recipe: what the runs depend on.
        clips: of all tables.
        folder: where weights are kept.
    """

    def __init__(self, recipe: VoiceRecipe, clips: Sequence[Clip], folder: Path) -> None:
        self.recipe = recipe
        self.clips = clips
        self._folder = folder

    def base(self, stage: str) -> VoiceNetwork:
        """Return the network that further runs start from: "near" or "far"."""
        if stage == "near":
            heard = [clip for clip in self.recipe.heard(self.clips) if clip.corpus in NEAR]
        else:
            heard = [clip for clip in self.clips if clip.corpus in FAR]
        return self.trained(stage, stage, None, heard)

    def fold(self, number: int) -> tuple[VoiceNetwork, list[Clip]]:
        """Return the network of one fold of RAVDESS, and the clips that it never heard."""
        own = [clip for clip in self.clips if clip.corpus == "ravdess"]
        kept = [clip for clip in own if fold_of(clip) == number]
        taught = [clip for clip in own if fold_of(clip) != number]
        network = self.trained(
            f"fold-ravdess-{number}", "folds", self.base("near"), taught, lambda net: told(net, kept)
        )
        return network, kept

    def speaker(self, number: int) -> tuple[VoiceNetwork, list[Clip]]:
        """Return the network that never heard one speaker of Emo-DB, and the clips of that speaker."""
        own = [clip for clip in self.clips if clip.corpus in EMODB]
        kept = [clip for clip in own if fold_of(clip) == number]
        taught = [clip for clip in own if fold_of(clip) != number]
        begun = self.cross("emodb_4class")[0]
        return self.trained(f"fold-emodb-{number}", "emodb", begun, taught, lambda net: told(net, kept)), kept

    def cross(self, corpus: str) -> tuple[VoiceNetwork, list[Clip]]:
        """Return the network of V1 that never heard a corpus, and the clips of that corpus."""
        same = EMODB if corpus in EMODB else (corpus,)
        kept = [clip for clip in self.clips if clip.corpus == corpus]
        taught = [clip for clip in self.clips if clip.corpus in SPEECH and clip.corpus not in same]
        begun = self.base("far" if corpus in NEAR else "near")
        network = self.trained(f"cross-{corpus}", "cross", begun, taught, lambda net: f"{four_recall(net, kept):.3f}")
        return network, kept

    def shipped(self) -> VoiceNetwork:
        """Return the network that is shipped, before it is exported."""
        return self.trained("shipped", "shipped", self.base("near"), self.recipe.heard(self.clips))

    def trained(
        self, name: str, stage: str, start: VoiceNetwork | None, clips: Sequence[Clip], watch: Watch | None = None
    ) -> VoiceNetwork:
        """Return a run's network: from the folder, or fitted now and put there."""
        file = self._folder / f"{name}.pt"
        network = self.recipe.network()
        if not file.is_file():
            log.info("%s: %d clips", name, len(clips))
            network = fit_voice(start or network, clips, self.recipe.fits[stage], self.recipe.seed, watch)
            torch.save(network.state_dict(), file)
        network.load_state_dict(torch.load(file, weights_only=True))
        return network.eval()


def fold_of(clip: Clip) -> int:
    """Return the fold in which a clip of RAVDESS or Emo-DB is tested: four actors in order, or one speaker, each."""
    if clip.corpus == "ravdess":
        return (int(clip.speaker[1:]) - 1) // 4
    return int(clip.speaker[1:]) - FIRST_OF_EMODB if clip.speaker != "s03" else 0


FIRST_OF_EMODB: Final = 7
"""Emo-DB's speakers are s03 and s08 to s16: folds 0 to 9."""


def told(network: VoiceNetwork, clips: Sequence[Clip]) -> str:
    """Return the recall per table, in words."""
    tables = dict.fromkeys(clip.corpus for clip in clips)
    parts = {table: [clip for clip in clips if clip.corpus == table] for table in tables}
    return ", ".join(f"{table} {recall(logits_of(network, part), part):.3f}" for table, part in parts.items())


def four_of(logits: NDArray[np.float32]) -> NDArray[np.intp]:
    """Return which of CROSS each row of logits says: neutral and calm count together."""
    columns = [logits[:, VOICE.index(label)] for label in CROSS]
    columns[CROSS.index("neutral")] = np.logaddexp(logits[:, VOICE.index("neutral")], logits[:, VOICE.index("calm")])
    return np.asarray(np.stack(columns, axis=1).argmax(axis=1))


def four_recall(network: VoiceNetwork, clips: Sequence[Clip]) -> float:
    """Return the unweighted average recall over CROSS."""
    kept = [clip for clip in clips if counted(clip)]
    said = four_of(logits_of(network, kept))
    truth = np.array([CROSS.index(counted(clip)) for clip in kept])
    return float(np.mean([(said[truth == each] == each).mean() for each in np.unique(truth)]))


def counted(clip: Clip) -> str:
    """Return which of CROSS a clip counts as; "" for none."""
    label = "neutral" if clip.label == "calm" else clip.label
    return label if label in CROSS else ""


def keep(kept: Sequence[Clip], said: Mapping[str, str], names: Sequence[str]) -> dict[str, Any]:
    """Return what was said of some clips of one table, ready for JSON: one letter per clip, in the order of their ids.

    Args:
        kept: the clips.
        said: clip -> label.
        names: the labels.
    """
    table = kept[0].corpus
    digest = hashlib.sha256(data_file("voice", f"{table}.parquet").read_bytes()).hexdigest()
    order = sorted(clip.clip for clip in kept)
    return {
        "table": table,
        "sha256": digest,
        "labels": list(names),
        "said": "".join(chr(ord("a") + names.index(said[clip])) for clip in order),
    }


def main() -> None:
    """Train what is not there yet, and write what was said."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recipe", type=Path, default=RECIPE)
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="where weights and pictures are kept")
    parser.add_argument("--out", type=Path, default=FOLDS, help="where to write what was said")
    parser.add_argument("--only", nargs="*", help="only these: folds, or tables that are left out")
    options = parser.parse_args()
    folder = options.runs / "voice"
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", os.cpu_count() or 1)))
    with closing(logging.FileHandler(folder / "log.txt")) as file, logging_to(logging.StreamHandler(), file):
        runs = Runs(read_voice_recipe(options.recipe), read_clips(folder / "pictures"), folder)
        write(runs, options.out, options.only)


def write(runs: Runs, out: Path, only: Sequence[str] | None = None) -> None:
    """Let every network say what it hears in what it never heard, and write that; of all, or of some runs only."""
    said: dict[str, str] = {}
    heard: dict[str, list[Clip]] = {}
    found: dict[str, Any] = {}
    if not only or "folds" in only:
        for run, number in (*((runs.fold, at) for at in range(6)), *((runs.speaker, at) for at in range(10))):
            network, kept = run(number)
            allowed = np.array([clip.allowed for clip in kept])
            guesses = np.where(allowed > 0, logits_of(network, kept), -1e9).argmax(axis=1)
            for clip, guess in zip(kept, guesses, strict=True):
                said[f"{clip.corpus} {clip.clip}"] = VOICE[guess]
                heard.setdefault(clip.corpus, []).append(clip)
        for table, clips in heard.items():
            found[f"folds {table}"] = keep(clips, {clip.clip: said[f"{table} {clip.clip}"] for clip in clips}, VOICE)
    for table in CROSS_TABLES:
        if not only or table in only:
            network, clips = runs.cross(table)
            clips = [clip for clip in clips if counted(clip)]
            guesses = four_of(logits_of(network, clips))
            labels = {clip.clip: CROSS[guess] for clip, guess in zip(clips, guesses, strict=True)}
            found[f"cross {table}"] = keep(clips, labels, CROSS)
    out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    log.info("written: %s", out)


if __name__ == "__main__":
    main()
