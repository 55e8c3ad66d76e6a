"""Export a fitted network: every head in one pass, operators fused, weights as 8-bit integers."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.transformers.fusion_options import FusionOptions
from onnxruntime.transformers.optimizer import optimize_model
from torch import Tensor, nn

from training.network import TextNetwork

log = logging.getLogger("training")


class AllHeads(nn.Module):
    """The network as it runs: one encoder pass, then every head."""

    def __init__(self, network: TextNetwork) -> None:
        super().__init__()
        self.network = network

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> tuple[Tensor, ...]:
        """Return the logits of each head, in the order of `network.heads`."""
        pooled = self.network.pool(input_ids, attention_mask)
        return tuple(head(pooled) for head in self.network.heads.values())


def export_network(network: TextNetwork, folder: Path) -> tuple[Path, Path]:
    """Write `float.onnx` and `network.onnx` (int8) into `folder`; return both paths.

    Weights are quantised per output channel, activations at run time (dynamic quantisation).
    """
    folder.mkdir(parents=True, exist_ok=True)
    raw, fused, final = folder / "raw.onnx", folder / "float.onnx", folder / "network.onnx"
    network = network.eval()
    network.encoder.set_attn_implementation("eager")
    sample = torch.ones(2, 8, dtype=torch.long)
    free = {0: "batch", 1: "tokens"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            AllHeads(network),
            (sample, sample),
            str(raw),
            input_names=["input_ids", "attention_mask"],
            output_names=list(network.heads),
            dynamic_axes={"input_ids": free, "attention_mask": free, **{name: {0: "batch"} for name in network.heads}},
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
    quantize_dynamic(
        fused,
        final,
        per_channel=True,
        weight_type=QuantType.QInt8,
        op_types_to_quantize=QUANTIZED,
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},  # fused operators hide their types
    )
    onnx.checker.check_model(onnx.load(str(fused)), full_check=False)
    raw.unlink()
    return fused, final


QUANTIZED = ["MatMul", "Gather"]
"""Operators whose weights become 8-bit: the matrix products and the tables of embeddings."""
SLOWER = (
    "enable_attention",
    "enable_skip_layer_norm",
    "enable_bias_skip_layer_norm",
    "enable_embed_layer_norm",
    "enable_bias_gelu",
)
"""Fusions that cost time here: the fused operators are not vectorised as well as the plain ones (docs/training.md)."""
