"""A cross-encoder: question and sentence are read together (Nogueira and Cho 2019, arXiv 1901.04085)."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Sequence
from pathlib import Path

import torch
from rich.console import Console
from torch import Tensor, nn
from transformers import AutoModel, AutoTokenizer, PreTrainedTokenizerBase

from training.batches import batches
from training.examples import Pair

WINDOW = 192  # word pieces of question and sentence together; of 32 pairs hardly one is longer
BATCH = 32
_BATCHES_SORTED_TOGETHER = 50
_WARM_UP = 0.1


class CrossEncoder(nn.Module):
    """The layers of a sentence encoder, the mean of their output, and one number: the log-odds of an answer."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(folder)
        self.head = nn.Linear(self.encoder.config.hidden_size, 1)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """Log-odds of shape (pairs,) from integer tensors of shape (pairs, word pieces)."""
        states = self.encoder(input_ids, attention_mask, token_type_ids).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        mean = (states * mask).sum(1) / mask.sum(1)
        logits: Tensor = self.head(mean).squeeze(-1)
        return logits


def tokenizer_of(folder: Path) -> PreTrainedTokenizerBase:
    """The tokenizer of a model folder."""
    return AutoTokenizer.from_pretrained(folder)


def train(
    network: CrossEncoder,
    tokenizer: PreTrainedTokenizerBase,
    pairs: Sequence[Pair],
    epochs: int,
    rate: float,
    rng: random.Random,
    console: Console,
) -> None:
    """AdamW with a linear warm-up and decay, binary cross-entropy, bfloat16 where the processor has it."""
    steps = epochs * math.ceil(len(pairs) / BATCH)
    optimiser = torch.optim.AdamW(network.parameters(), lr=rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: _share_of_rate(step, steps))
    loss_of = nn.BCEWithLogitsLoss()
    network.train()
    began, total = time.monotonic(), 0.0
    for step, batch in enumerate(
        batches(pairs, epochs, BATCH, _BATCHES_SORTED_TOGETHER, lambda pair: len(pair.sentence), rng), 1
    ):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = network(**_tensors(tokenizer, batch))
        loss = loss_of(logits.float(), torch.tensor([float(pair.answers) for pair in batch]))
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad()
        total += float(loss.detach())
        if step % 100 == 0:
            console.print(f"step {step} of {steps}, loss {total / 100:.4f}, {time.monotonic() - began:.0f} s")
            total = 0.0
    network.eval()


def log_odds(network: CrossEncoder, tokenizer: PreTrainedTokenizerBase, pairs: Sequence[Pair]) -> list[float]:
    """The log-odds that each sentence answers its question."""
    found = [0.0] * len(pairs)
    order = sorted(range(len(pairs)), key=lambda n: len(pairs[n].sentence) + len(pairs[n].question))
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        for start in range(0, len(order), BATCH):
            numbers = order[start : start + BATCH]
            logits = network(**_tensors(tokenizer, [pairs[n] for n in numbers]))
            for number, value in zip(numbers, logits.float().tolist(), strict=True):
                found[number] = value
    return found


def _share_of_rate(step: int, steps: int) -> float:
    warm = max(1, int(_WARM_UP * steps))
    return step / warm if step < warm else max(0.0, (steps - step) / max(1, steps - warm))


def _tensors(tokenizer: PreTrainedTokenizerBase, pairs: Sequence[Pair]) -> dict[str, Tensor]:
    encoded = tokenizer(
        [pair.question for pair in pairs],
        [pair.sentence for pair in pairs],
        padding=True,
        truncation="only_second",
        max_length=WINDOW,
        return_tensors="pt",
    )
    return dict(encoded)
