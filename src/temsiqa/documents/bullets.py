"""Bullets that somebody typed, where the file marks no list."""

from __future__ import annotations

import re

_BULLET = re.compile(r"[•·▪●‣◦–-]\s+(?=\S)")


def without_bullet(line: str) -> str | None:
    """What follows the bullet that ``line`` begins with; None when it begins with none."""
    bullet = _BULLET.match(line)
    return line[bullet.end() :] if bullet else None
