"""A trained network → ONNX with weights of eight bits."""

from __future__ import annotations

import tempfile
from pathlib import Path

import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from transformers import PreTrainedTokenizerBase

from training.cross_encoder import CrossEncoder
from training.triage_network import Network


def export(network: CrossEncoder | Network, tokenizer: PreTrainedTokenizerBase, path: Path) -> None:
    """Writes ``network`` to ``path``: inputs as of BERT, any number of pairs of any length, output ``log_odds``.

    Seven bits are used of eight, since sums of products of eight would overflow on processors without VNNI.
    """
    example = tokenizer(["a question", "another"], ["a sentence", "one more"], padding=True, return_tensors="pt")
    names = ["input_ids", "attention_mask", "token_type_ids"]
    pairs, pieces = torch.export.Dim("pairs"), torch.export.Dim("pieces")
    network.encoder.config._attn_implementation = "eager"
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(
            network,
            tuple(example[name] for name in names),
            str(whole),
            input_names=names,
            output_names=["log_odds"],
            dynamic_shapes=[{0: pairs, 1: pieces}] * len(names),
            dynamo=True,
        )
        model = onnx.load(whole)
        del model.graph.value_info[:]  # the exporter's shapes disagree with what the quantiser infers
        onnx.save(model, whole)
        quantize_dynamic(whole, path, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8)
