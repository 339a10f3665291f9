"""What was typed → what can be worked with."""

from __future__ import annotations

import re
from collections.abc import Sequence

from temsiqa.documents.canonical import clean
from temsiqa.errors import QuestionError

LONGEST_QUESTION = 8_000
LONGEST_HISTORY = 20
_SURROGATES = re.compile(r"[\ud800-\udfff]")


def check_question(question: str) -> str:
    """``question`` in NFC without control characters; halves of broken characters become U+FFFD.

    Raises ``QuestionError`` when nothing is asked or too much.
    """
    if len(question) > LONGEST_QUESTION:
        raise QuestionError(
            f"the question has {len(question)} characters, the most is {LONGEST_QUESTION}; ask in fewer words"
        )
    text = clean(_SURROGATES.sub("\ufffd", question)).replace("\t", " ").strip()
    if not any(character.isalnum() for character in text):
        raise QuestionError("the question is empty; type a question in words")
    return text


def check_history(history: Sequence[str]) -> tuple[str, ...]:
    """The last questions of ``history``, oldest first, those without words left out."""
    checked = []
    for question in history[-LONGEST_HISTORY:]:
        try:
            checked.append(check_question(question[:LONGEST_QUESTION]))
        except QuestionError:
            continue
    return tuple(checked)
