"""What a hostile file is, and what none may get at."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SENTENCE = "Otters sleep afloat."


@dataclass(frozen=True, slots=True)
class Bait:
    """What no reader may touch: a file that holds a secret, and an address at which somebody listens."""

    file: Path
    url: str


@dataclass(frozen=True, slots=True)
class Hostile:
    """A file by its name. ``endless``: only the limits of its reading process may end it."""

    name: str
    data: bytes
    sidecar: bytes | None = None
    endless: bool = False
