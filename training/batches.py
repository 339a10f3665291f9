"""Examples → batches of like length, so that little of what a network reads is padding."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

_Example = TypeVar("_Example")


def batches(
    examples: Sequence[_Example],
    epochs: int,
    size: int,
    together: int,
    length: Callable[[_Example], int],
    rng: random.Random,
) -> Iterator[list[_Example]]:
    """In every epoch all examples in batches of at most ``size``, in random order.

    So many batches ``together`` are sorted by ``length``.
    """
    for _ in range(epochs):
        shuffled = rng.sample(examples, len(examples))
        for start in range(0, len(shuffled), size * together):
            chunk = sorted(shuffled[start : start + size * together], key=length)
            found = [chunk[first : first + size] for first in range(0, len(chunk), size)]
            yield from rng.sample(found, len(found))
