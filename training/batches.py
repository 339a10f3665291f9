"""Examples → batches of like length, so that little of what a network reads is padding."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

_Example = TypeVar("_Example")


def batches(
    examples: Sequence[_Example], size: int, together: int, length: Callable[[_Example], int], rng: random.Random
) -> Iterator[list[_Example]]:
    """All examples in batches of at most ``size``, in random order; so many ``together`` are sorted by ``length``."""
    shuffled = rng.sample(examples, len(examples))
    for start in range(0, len(shuffled), size * together):
        chunk = sorted(shuffled[start : start + size * together], key=length)
        found = [chunk[first : first + size] for first in range(0, len(chunk), size)]
        yield from rng.sample(found, len(found))
