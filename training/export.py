"""Export a fitted network: every head in one pass, operators fused, weights and activations as 8-bit integers."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from pathlib import Path

import onnx
import torch
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model
from torch import Tensor, nn

from training.attention import fuse_attention
from training.network import TextNetwork
from training.quantise import Inputs, quantise

log = logging.getLogger("training")

SLOWER = (
    "enable_attention",
    "enable_skip_layer_norm",
    "enable_bias_skip_layer_norm",
    "enable_embed_layer_norm",
    "enable_bias_gelu",
)
"""Fusions that cost time here: the fused operators are not vectorised as well as the plain ones (docs/training.md)."""


class AllHeads(nn.Module):
    """The network as it runs: one encoder pass, then every head."""

    def __init__(self, network: TextNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        """Return the logits of each head, in the order of `network.heads`."""
        logits: dict[str, Tensor] = self.network(*inputs)
        return tuple(logits.values())


def input_names(pairs: bool) -> list[str]:
    """Return the names of a network's inputs; one that reads pairs is told which text a token belongs to."""
    return ["input_ids", "attention_mask", *(["token_type_ids"] if pairs else [])]


def export_network(
    network: TextNetwork, folder: Path, calibration: Sequence[Inputs], pairs: bool = False
) -> tuple[Path, Path]:
    """Write `float.onnx` and `network.onnx` (int8) into `folder`; return both paths.

    Args:
        network: the fitted network.
        folder: where to write.
        calibration: inputs that the ranges of the activations are fitted to.
        pairs: whether it reads pairs of texts.
    """
    folder.mkdir(parents=True, exist_ok=True)
    raw, fused, final = folder / "raw.onnx", folder / "float.onnx", folder / "network.onnx"
    network = network.eval()
    network.encoder.set_attn_implementation("eager")
    sample = torch.ones(2, 8, dtype=torch.long)
    names = input_names(pairs)
    free = {0: "batch", 1: "tokens"}
    axes = {name: free if name in network.marking else {0: "batch"} for name in network.heads}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            AllHeads(network),
            (sample,) * len(names),
            str(raw),
            input_names=names,
            output_names=list(network.heads),
            dynamic_axes={**dict.fromkeys(names, free), **axes},
            opset_version=17,
            dynamo=False,
        )
    config = network.encoder.config
    options = FusionOptions("bert")
    for fusion in SLOWER:
        setattr(options, fusion, False)
    optimized = optimize_model(
        str(raw),
        model_type="bert",
        num_heads=config.num_attention_heads,
        hidden_size=config.hidden_size,
        optimization_options=options,
        opt_level=0,
    )
    log.info("fused operators: %s", optimized.get_fused_operator_statistics())
    optimized.save_model_to_file(str(fused))
    onnx.checker.check_model(onnx.load(str(fused)), full_check=False)
    quantise(fused, final, calibration)
    model = onnx.load(str(final))
    log.info("attention of %d layers fused", fuse_attention(model, config.num_attention_heads))
    onnx.save(model, str(final))
    raw.unlink()
    return fused, final
