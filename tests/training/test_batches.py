"""Batches hold every example once, those of like length together."""

from __future__ import annotations

import random

from training.batches import batches


def test_every_example_is_in_one_batch_of_like_length() -> None:
    examples = ["x" * (n % 17) for n in range(100)]
    found = list(batches(examples, 1, 8, 5, len, random.Random(1)))
    assert sorted(text for batch in found for text in batch) == sorted(examples)
    assert all(len(batch) <= 8 for batch in found)
    spread = [max(map(len, batch)) - min(map(len, batch)) for batch in found]
    assert sum(spread) / len(spread) < 6  # of 16 in no order
    assert found != list(batches(examples, 1, 8, 5, len, random.Random(2)))
    twice = [text for batch in batches(examples, 2, 8, 5, len, random.Random(1)) for text in batch]
    assert sorted(twice) == sorted(2 * examples)
