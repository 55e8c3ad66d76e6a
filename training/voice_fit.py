"""Fit a voice network: several corpora side by side, each judged over its own classes alone."""

from __future__ import annotations

import copy
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from heedful.perceive.logmel import BANDS
from training.voice_augment import vary
from training.voice_data import CLASSES, Clip
from training.voice_network import VoiceNetwork

log = logging.getLogger("training")


@dataclass(frozen=True, slots=True)
class VoiceFit:
    """How a run learns."""

    epochs: int
    batch_size: int = 64
    learning_rate: float = 2e-3
    weight_decay: float = 0.03
    label_smoothing: float = 0.05
    mixup: float = 0.3
    """Parameter of the beta distribution that clips are mixed by; 0 = not at all."""
    strength: float = 1.0
    """How far pictures are varied; 0 = not at all."""
    ema_decay: float = 0.99
    most_frames: int = 160
    """Longest stretch of a clip that is seen at once."""
    sex: float = 0.0
    intensity: float = 0.2
    affect: float = 0.5
    burst: float = 0.5
    speeds: bool = True


@dataclass(frozen=True, slots=True)
class _Batch:
    mel: Tensor
    mask: Tensor
    emotion: Tensor
    taught: Tensor
    allowed: Tensor
    weight: Tensor
    affect: Tensor
    burst: Tensor
    intensity: Tensor


def padded(pictures: Sequence[NDArray[np.float16]]) -> tuple[Tensor, Tensor]:
    """Return pictures of several lengths as one batch, with the mask of what is sound; a multiple of 8 frames."""
    most = max(8, *(len(each) for each in pictures))
    most += -most % 8
    mel = np.full((len(pictures), most, BANDS), -1.0, dtype=np.float32)
    mask = np.zeros((len(pictures), most), dtype=np.float32)
    for place, each in enumerate(pictures):
        mel[place, : len(each)] = each
        mask[place, : len(each)] = 1.0
    return torch.from_numpy(mel), torch.from_numpy(mask)


def _batch_of(clips: Sequence[Clip], weights: dict[tuple[str, str], float], fit: VoiceFit,
              random: np.random.Generator) -> _Batch:
    pictures = []
    for clip in clips:
        picture = clip.mels[int(random.integers(len(clip.mels))) if fit.speeds else 0]
        spare = len(picture) - fit.most_frames
        start = int(random.integers(spare + 1)) if spare > 0 else 0
        pictures.append(picture[start : start + fit.most_frames])
    mel, mask = padded(pictures)
    if fit.strength > 0:
        mel = vary(mel, mask, random, fit.strength)
    rows = lambda values: torch.from_numpy(np.asarray(values, dtype=np.float32))  # noqa: E731
    return _Batch(
        mel, mask,
        rows([clip.emotion for clip in clips]),
        rows([float(sum(clip.emotion) > 0) for clip in clips]),
        rows([clip.allowed for clip in clips]) > 0,
        rows([weights[clip.corpus, clip.label] for clip in clips]),
        rows([clip.affect for clip in clips]),
        torch.tensor([clip.burst for clip in clips]),
        rows([clip.intensity for clip in clips]),
    )


def batches(clips: Sequence[Clip], fit: VoiceFit, random: np.random.Generator):
    """Yield the batches of one epoch: clips of like length together, so that little is padding."""
    counts: dict[tuple[str, str], int] = {}
    totals: dict[str, int] = {}
    kinds: dict[str, set[str]] = {}
    for clip in clips:
        counts[clip.corpus, clip.label] = counts.get((clip.corpus, clip.label), 0) + 1
        totals[clip.corpus] = totals.get(clip.corpus, 0) + 1
        kinds.setdefault(clip.corpus, set()).add(clip.label)
    weights = {key: totals[key[0]] / (len(kinds[key[0]]) * count) for key, count in counts.items()}
    order = random.permutation(len(clips))
    wide = fit.batch_size * 12
    for start in range(0, len(order), wide):
        chunk = sorted(order[start : start + wide], key=lambda place: min(len(clips[place].mels[0]), fit.most_frames))
        groups = [chunk[at : at + fit.batch_size] for at in range(0, len(chunk), fit.batch_size)]
        for group in random.permutation(len(groups)):
            if len(groups[group]) >= 8:
                yield _batch_of([clips[place] for place in groups[group]], weights, fit, random)


def loss_of(network: VoiceNetwork, batch: _Batch, fit: VoiceFit, random: np.random.Generator) -> Tensor:
    """Return the loss of a batch, clips mixed in pairs."""
    mel, emotion, allowed, affect = batch.mel, batch.emotion, batch.allowed, batch.affect
    mask, burst_share = batch.mask, torch.ones(len(batch.mel))
    order = torch.from_numpy(random.permutation(len(mel)))
    if fit.mixup > 0:
        share = torch.from_numpy(random.beta(fit.mixup, fit.mixup, len(mel)).astype(np.float32))
        share = torch.maximum(share, 1 - share)
        both = (batch.taught > 0) == (batch.taught[order] > 0)
        share = torch.where(both, share, torch.ones_like(share))
        mel = torch.lerp(mel[order], mel, share[:, None, None])
        mask = torch.maximum(mask, mask[order] * (share < 1)[:, None])
        emotion = torch.lerp(emotion[order], emotion, share[:, None])
        affect = torch.lerp(affect[order], affect, share[:, None])
        allowed = torch.where((share < 0.999)[:, None], allowed | allowed[order], allowed)
        burst_share = share
    logits = dict(zip(network.heads, network(mel, mask), strict=True))
    scores = logits["emotion"].masked_fill(~allowed, -1e4).log_softmax(-1)
    smooth = allowed / allowed.sum(-1, keepdim=True)
    goal = emotion * (1 - fit.label_smoothing) + smooth * fit.label_smoothing
    taught = batch.taught * batch.weight
    loss = -(torch.where(allowed, goal * scores, torch.zeros_like(scores))).sum(-1) @ taught / len(mel)
    known = batch.intensity >= 0
    if "affect" in logits and fit.affect:
        loss = loss + fit.affect * (torch.tanh(logits["affect"]) - affect).square().mean()
    bursts = batch.burst >= 0
    if fit.burst and bursts.any():
        one = functional.cross_entropy(logits["burst"][bursts], batch.burst[bursts], reduction="none", label_smoothing=0.1)
        two = functional.cross_entropy(logits["burst"][bursts], batch.burst[order][bursts].clamp(min=0), reduction="none", label_smoothing=0.1)
        share = burst_share[bursts]
        loss = loss + fit.burst * (one * share + two * (1 - share)).sum() / len(mel)
    if fit.intensity and known.any():
        loss = loss + fit.intensity * functional.binary_cross_entropy_with_logits(
            logits["intensity"][known, 0], batch.intensity[known]) * known.float().mean()
    return loss


def fit_voice(network: VoiceNetwork, clips: Sequence[Clip], fit: VoiceFit, seed: int, watch=None) -> VoiceNetwork:
    """Return the running mean of the weights of a network that has learned from the clips."""
    random = np.random.default_rng(seed)
    torch.manual_seed(seed)
    network = network.to(memory_format=torch.channels_last).train()
    kept = copy.deepcopy(network).eval()
    per_epoch = sum(1 for _ in range(0, len(clips), fit.batch_size)) + 2
    weights = [w for w in network.parameters() if w.ndim > 1]
    rest = [w for w in network.parameters() if w.ndim <= 1]
    optimizer = torch.optim.AdamW([{"params": weights, "weight_decay": fit.weight_decay},
                                   {"params": rest, "weight_decay": 0.0}], lr=fit.learning_rate)
    plan = torch.optim.lr_scheduler.OneCycleLR(optimizer, fit.learning_rate, total_steps=per_epoch * fit.epochs + 1, pct_start=0.2)
    step = 0
    for epoch in range(fit.epochs):
        began, total, count = time.process_time(), 0.0, 0
        network.train()
        for batch in batches(clips, fit, random):
            loss = loss_of(network, batch, fit, random)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 2.0)
            optimizer.step()
            plan.step()
            step += 1
            decay = min(fit.ema_decay, (1 + step) / (10 + step))
            with torch.no_grad():
                for mean, value in zip(kept.state_dict().values(), network.state_dict().values(), strict=True):
                    if mean.dtype.is_floating_point:
                        mean.lerp_(value, 1 - decay)
                    else:
                        mean.copy_(value)
            total, count = total + float(loss.detach()), count + 1
        if watch and (epoch % 5 == 4 or epoch == fit.epochs - 1):
            log.info("epoch %d loss %.3f %s cpu %.1f s", epoch + 1, total / count, watch(kept.eval()), time.process_time() - began)
        else:
            log.info("epoch %d loss %.3f cpu %.1f s", epoch + 1, total / count, time.process_time() - began)
    return kept.eval()


@torch.no_grad()
def logits_of(network: VoiceNetwork, clips: Sequence[Clip], head: str = "emotion") -> NDArray[np.float32]:
    """Return a head's logits for whole clips."""
    place = list(network.heads).index(head)
    order = sorted(range(len(clips)), key=lambda at: len(clips[at].mels[0]))
    out: NDArray[np.float32] | None = None
    for start in range(0, len(order), 64):
        group = order[start : start + 64]
        mel, mask = padded([clips[at].mels[0] for at in group])
        values = network(mel, mask)[place].numpy()
        if out is None:
            out = np.zeros((len(clips), values.shape[1]), dtype=np.float32)
        out[group] = values
    assert out is not None
    return out


def unweighted_recall(logits: NDArray[np.float32], clips: Sequence[Clip]) -> float:
    """Return the mean recall over the classes of the clips' corpus."""
    allowed = np.array([clip.allowed for clip in clips])
    guess = np.where(allowed > 0, logits, -1e9).argmax(1)
    truth = np.array([np.argmax(clip.emotion) for clip in clips])
    return float(np.mean([(guess[truth == each] == each).mean() for each in np.unique(truth)]))
