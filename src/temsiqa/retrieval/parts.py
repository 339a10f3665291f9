"""A message → the questions in it: people tell a story, and ask two things at once."""

from __future__ import annotations

import re

from temsiqa.index.words import terms

MOST_PARTS = 3
_SENTENCE = re.compile(r"[^.?!\n]+(?:[.?!]+(?=\s|$)|\n|[.?!](?=\S)[^.?!\n]*)*[.?!]*")
_ASKING = (
    r"(?:what|what'?s|which|who|whom|whose|when|where|why|how|is|are|was|were|do|does|did|can|could|may|might|should|"
    r"will|would|has|have|had|am)"
)
_BEGINS_ASKING = re.compile(
    rf"\W*(?:(?:and|so|but|also|or|then|plus|ok|hi|hello|please)\W+)*{_ASKING}\b", re.IGNORECASE
)
# "…, and how long does it take": a second question begins after a conjunction.
_JOINT = re.compile(rf"(?:\s*[,;–-])?\s+(?:and|plus|also|&)\s+(?=(?:also\s+)?{_ASKING}\b)|\s*;\s+", re.IGNORECASE)


def parts(message: str) -> tuple[tuple[str, str], ...]:
    """The questions of ``message``, each with what was said before it in the same message; at most ``MOST_PARTS``.

    A message that asks one thing stays whole: its story may hold what the question leaves out.
    """
    asked: list[tuple[str, str]] = []
    position = 0
    for sentence in _SENTENCE.finditer(message):
        text = sentence[0].strip()
        if not (text.endswith("?") or _BEGINS_ASKING.match(text)):
            continue
        for piece in _pieces(text):
            start = message.find(piece, position)
            asked.append((piece, message[:start].strip()))
            position = start + len(piece)
    return tuple(asked[:MOST_PARTS]) if len(asked) > 1 else ((message, ""),)


def _pieces(sentence: str) -> list[str]:
    """``sentence`` cut where a second question begins, if each piece asks for something of its own."""
    pieces = [piece.strip() for piece in _JOINT.split(sentence)]
    return pieces if all(len(piece.split()) > 1 and terms(piece) for piece in pieces) else [sentence]
