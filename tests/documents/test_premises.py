from __future__ import annotations

from pathlib import Path

import pytest

from temsiqa.documents.premises import Premise, read_premises
from temsiqa.errors import CorpusError

PREMISES = """- id: tablet
  assumes: It is a tablet.
  wordings: ["it is a tablet"]
  mentions: [my|the tablet*]
  unless: [drip]
  document: dose.md
  sentence: "It is a drip."
"""


def test_premises_are_read(tmp_path: Path) -> None:
    (tmp_path / "premises.yaml").write_text(PREMISES, encoding="utf-8")
    assert read_premises(tmp_path) == (
        Premise(
            id="tablet",
            assumes="It is a tablet.",
            wordings=("it is a tablet",),
            mentions=("my|the tablet*",),
            unless=("drip",),
            document="dose.md",
            sentence="It is a drip.",
        ),
    )


def test_a_corpus_without_the_file_has_none(tmp_path: Path) -> None:
    assert read_premises(tmp_path) == ()


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("my|the tablet*", "my|The tablet*", r"premises\.yaml: 0\.mentions: .*'The' is no word"),
        ("unless: [drip]", "unless: [..]", r"premises\.yaml: 0\.unless: .*begins and ends with a word"),
        ("assumes:", "supposes:", r"premises\.yaml: 0\.assumes: Field required"),
        ("- id", "id", r"premises\.yaml: "),
    ],
)
def test_a_malformed_file_is_refused(tmp_path: Path, old: str, new: str, reason: str) -> None:
    (tmp_path / "premises.yaml").write_text(PREMISES.replace(old, new), encoding="utf-8")
    with pytest.raises(CorpusError, match=reason):
        read_premises(tmp_path)
