"""Fit a voice network: several corpora side by side, each judged over its own classes alone."""

from __future__ import annotations

import copy
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from heedful.perceive.voice import padded
from training.voice_augment import vary
from training.voice_data import SPEECH, Clip
from training.voice_network import VoiceNetwork

log = logging.getLogger("training")

_LONGER_BATCHES = 12
"""Batches whose clips are drawn together and sorted by length, so that little of a batch is padding."""
_LEAST = 8


@dataclass(frozen=True, slots=True)
class VoiceFit:
    """How a run learns."""

    epochs: int
    learning_rate: float
    batch_size: int = 64
    weight_decay: float = 0.03
    label_smoothing: float = 0.05
    mixup: float = 0.3
    """Parameter of the beta distribution that pairs of clips are mixed by; 0 = not at all."""
    strength: float = 1.0
    """How far pictures are varied; 0 = not at all."""
    speeds: bool = True
    """Whether clips are heard slower and faster, too."""
    ema_decay: float = 0.99
    """What is kept is the running mean of the weights."""
    most_frames: int = 144
    """Longest stretch of a clip that is seen at once: 2.3 s."""
    frozen: int = 0
    """So many of the first stages are left as they are."""
    balance: float = 0.0
    """How far corpora count alike: 0 = by their clips, 1 = all the same."""
    affect: float = 0.5
    """Weight of the loss of valence and arousal."""
    burst: float = 0.3
    """Weight of the loss of telling bursts apart, and from speech."""
    intensity: float = 0.2
    """Weight of the loss of telling strong from normal, where that is known."""


@dataclass(frozen=True, slots=True)
class _Batch:
    mel: Tensor
    mask: Tensor
    emotion: Tensor
    allowed: Tensor
    weight: Tensor
    affect: Tensor
    burst: Tensor
    intensity: Tensor


def weights_of(clips: Sequence[Clip], balance: float) -> dict[tuple[str, str], float]:
    """Return (corpus, label) -> weight: the labels of a corpus count alike, and corpora as far as `balance` says."""
    pairs = Counter((clip.corpus, clip.label) for clip in clips)
    sizes = Counter(clip.corpus for clip in clips)
    kinds = Counter(corpus for corpus, _ in pairs)
    mean = len(clips) / len(sizes)
    return {
        (corpus, label): sizes[corpus] / (kinds[corpus] * count) * (mean / sizes[corpus]) ** balance
        for (corpus, label), count in pairs.items()
    }


def _batch_of(
    clips: Sequence[Clip], weights: dict[tuple[str, str], float], fit: VoiceFit, random: np.random.Generator
) -> _Batch:
    pictures = []
    for clip in clips:
        picture = clip.mels[int(random.integers(len(clip.mels))) if fit.speeds else 0]
        spare = len(picture) - fit.most_frames
        start = int(random.integers(spare + 1)) if spare > 0 else 0
        pictures.append(picture[start : start + fit.most_frames].astype(np.float32))
    mel, mask = map(torch.from_numpy, padded(pictures))
    if fit.strength > 0.0:
        mel = vary(mel, mask, random, fit.strength)
    return _Batch(
        mel,
        mask,
        _rows([clip.emotion for clip in clips]),
        _rows([clip.allowed for clip in clips]) > 0,
        _rows([weights[clip.corpus, clip.label] * (clip.corpus in SPEECH) for clip in clips]),
        _rows([clip.affect for clip in clips]),
        torch.tensor([clip.burst for clip in clips]),
        _rows([clip.intensity for clip in clips]),
    )


def _rows(values: Sequence[object]) -> Tensor:
    return torch.from_numpy(np.asarray(values, dtype=np.float32))


def batches(clips: Sequence[Clip], fit: VoiceFit, random: np.random.Generator) -> Iterator[_Batch]:
    """Yield the batches of one epoch, clips of like length together."""
    weights = weights_of(clips, fit.balance)
    order = random.permutation(len(clips))
    wide = fit.batch_size * _LONGER_BATCHES
    for start in range(0, len(order), wide):
        chunk = sorted(order[start : start + wide], key=lambda place: min(len(clips[place].mels[0]), fit.most_frames))
        groups = [chunk[at : at + fit.batch_size] for at in range(0, len(chunk), fit.batch_size)]
        for group in random.permutation(len(groups)):
            if len(groups[group]) >= _LEAST:
                yield _batch_of([clips[place] for place in groups[group]], weights, fit, random)


def _mixed(batch: _Batch, fit: VoiceFit, random: np.random.Generator) -> tuple[_Batch, Tensor, Tensor]:
    """Return a batch whose clips are mixed in pairs, who is mixed with whom, and each clip's own share.

    Words are mixed with words alone: half a sob and half a sentence is nothing that a corpus has a label for.
    """
    order = torch.from_numpy(random.permutation(len(batch.mel)))
    share = torch.ones(len(batch.mel))
    if fit.mixup <= 0.0:
        return batch, order, share
    drawn = _rows(random.beta(fit.mixup, fit.mixup, len(batch.mel)).tolist())
    alike = (batch.emotion.sum(1) > 0) == (batch.emotion[order].sum(1) > 0)
    share = torch.where(alike, torch.maximum(drawn, 1.0 - drawn), share)
    wide = share[:, None]
    return (
        replace(
            batch,
            mel=torch.lerp(batch.mel[order], batch.mel, wide[:, :, None]),
            mask=torch.maximum(batch.mask, batch.mask[order] * (wide < 1.0)),
            emotion=torch.lerp(batch.emotion[order], batch.emotion, wide),
            affect=torch.lerp(batch.affect[order], batch.affect, wide),
            allowed=batch.allowed | (batch.allowed[order] & (wide < 0.999)),
        ),
        order,
        share,
    )


def loss_of(network: VoiceNetwork, plain: _Batch, fit: VoiceFit, random: np.random.Generator) -> Tensor:
    """Return the loss of a batch, clips mixed in pairs."""
    batch, order, share = _mixed(plain, fit, random)
    logits = dict(zip(network.heads, network(batch.mel, batch.mask), strict=True))
    size = len(batch.mel)
    scores = logits["emotion"].masked_fill(~batch.allowed, -1e4).log_softmax(-1)
    even = batch.allowed / batch.allowed.sum(-1, keepdim=True)
    goal = batch.emotion * (1.0 - fit.label_smoothing) + even * fit.label_smoothing
    loss = -torch.where(batch.allowed, goal * scores, torch.zeros_like(scores)).sum(-1) @ batch.weight / size
    loss = loss + fit.affect * (torch.tanh(logits["affect"]) - batch.affect).square().mean()
    for share_of, burst in ((share, plain.burst), (1.0 - share, plain.burst[order])):
        each = functional.cross_entropy(logits["burst"], burst, reduction="none", label_smoothing=0.1)
        loss = loss + fit.burst * (each * share_of).mean()
    known = plain.intensity >= 0.0
    if known.any():
        told = functional.binary_cross_entropy_with_logits(logits["intensity"][known, 0], plain.intensity[known])
        loss = loss + fit.intensity * told * known.float().mean()
    return loss


def fit_voice(
    start: VoiceNetwork,
    clips: Sequence[Clip],
    fit: VoiceFit,
    seed: int,
    watch: Callable[[VoiceNetwork], str] | None = None,
) -> VoiceNetwork:
    """Return the running mean of the weights of a network that has learned from the clips.

    Args:
        start: where it starts from; left as it is.
        clips: what it learns from.
        fit: how.
        seed: of every random choice.
        watch: what to log of the network now and then.
    """
    random = np.random.default_rng(seed)
    torch.manual_seed(seed)
    network = in_rows(copy.deepcopy(start))
    kept = copy.deepcopy(network).eval()
    for stage in list(network.stages)[: fit.frozen]:
        stage.requires_grad_(False)
    optimizer, plan = _optimizer(network, fit, len(clips))
    step = 0
    for epoch in range(fit.epochs):
        began, total, count = time.process_time(), 0.0, 0
        network.train()
        for stage in list(network.stages)[: fit.frozen]:
            stage.eval()
        for batch in batches(clips, fit, random):
            loss = loss_of(network, batch, fit, random)
            optimizer.zero_grad(set_to_none=True)
            torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
            optimizer.step()
            plan.step()
            step += 1
            _follow(kept, network, min(fit.ema_decay, (1 + step) / (10 + step)))
            total, count = total + float(loss.detach()), count + 1
        seen = watch(kept) if watch and (epoch % 5 == 4 or epoch == fit.epochs - 1) else ""
        spent = time.process_time() - began
        log.info("epoch %d of %d: loss %.3f, %.1f s %s", epoch + 1, fit.epochs, total / count, spent, seen)
    return kept


def in_rows(network: VoiceNetwork) -> VoiceNetwork:
    """Lay the weights out with the channels last, which is faster here; return the same network."""
    for weight in network.parameters():
        if weight.ndim == 4:
            weight.data = weight.data.contiguous(memory_format=torch.channels_last)
    return network


def _optimizer(
    network: VoiceNetwork, fit: VoiceFit, clips: int
) -> tuple[torch.optim.Optimizer, torch.optim.lr_scheduler.LRScheduler]:
    taught = [weight for weight in network.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(
        [
            {"params": [weight for weight in taught if weight.ndim > 1], "weight_decay": fit.weight_decay},
            {"params": [weight for weight in taught if weight.ndim <= 1], "weight_decay": 0.0},
        ],
        lr=fit.learning_rate,
    )
    steps = (clips // fit.batch_size + 2) * fit.epochs + 1
    return optimizer, torch.optim.lr_scheduler.OneCycleLR(
        optimizer, fit.learning_rate, total_steps=steps, pct_start=0.2
    )


@torch.no_grad()
def _follow(kept: VoiceNetwork, network: VoiceNetwork, decay: float) -> None:
    for mean, value in zip(kept.state_dict().values(), network.state_dict().values(), strict=True):
        if mean.dtype.is_floating_point:
            mean.lerp_(value, 1.0 - decay)
        else:
            mean.copy_(value)


@torch.no_grad()
def logits_of(network: VoiceNetwork, clips: Sequence[Clip], head: str = "emotion") -> NDArray[np.float32]:
    """Return a head's logits for whole clips, n x values."""
    place = list(network.heads).index(head)
    order = sorted(range(len(clips)), key=lambda at: len(clips[at].mels[0]))
    rows: dict[int, NDArray[np.float32]] = {}
    for start in range(0, len(order), 64):
        group = order[start : start + 64]
        mel, mask = padded([clips[at].mels[0].astype(np.float32) for at in group])
        rows.update(zip(group, network(torch.from_numpy(mel), torch.from_numpy(mask))[place].numpy(), strict=True))
    return np.stack([rows[at] for at in range(len(clips))])


def recall(logits: NDArray[np.float32], clips: Sequence[Clip]) -> float:
    """Return the unweighted average recall over the classes of the clips' own corpus."""
    allowed = np.array([clip.allowed for clip in clips])
    guess = np.where(allowed > 0, logits, -1e9).argmax(1)
    truth = np.array([np.argmax(clip.emotion) for clip in clips])
    return float(np.mean([(guess[truth == each] == each).mean() for each in np.unique(truth)]))
