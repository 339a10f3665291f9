"""BM25 scores against values worked by hand.

Lucene's variant: idf(t) * tf / (tf + k1 * (1 - b + b * length / mean length)) with k1 = 1.2, b = 0.75 and
idf(t) = ln(1 + (N - n + 0.5) / (n + 0.5)). The three texts have 3, 1 and 2 terms, 2 on average.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from temsiqa.index.lexical import LexicalIndex
from temsiqa.index.words import terms

TEXTS = ("rash rash fever", "fever", "cough dizziness")
RASH, FEVER, COUGH = (terms(word)[0] for word in ("rash", "fever", "cough"))
IDF_OF_ONE = 0.9808293  # ln(1 + 2.5 / 1.5)
IDF_OF_TWO = 0.4700036  # ln(1 + 1.5 / 2.5)
IDF_OF_NONE = 2.0794415  # ln(1 + 3.5 / 0.5)


@pytest.fixture(scope="module")
def lexical() -> LexicalIndex:
    """An index over ``TEXTS``."""
    return LexicalIndex.build(TEXTS)


def test_scores_are_those_of_the_formula(lexical: LexicalIndex) -> None:
    # length 3: k1 * (0.25 + 0.75 * 1.5) = 1.65; length 1: 1.2 * (0.25 + 0.375) = 0.75; length 2: 1.2
    assert lexical.scores([RASH]) == pytest.approx([IDF_OF_ONE * 2 / 3.65, 0, 0], rel=1e-5)
    assert lexical.scores([FEVER]) == pytest.approx([IDF_OF_TWO / 2.65, IDF_OF_TWO / 1.75, 0], rel=1e-5)
    assert lexical.scores([COUGH]) == pytest.approx([0, 0, IDF_OF_ONE / 2.2], rel=1e-5)


def test_scores_of_terms_add_up_and_repeated_terms_count_again(lexical: LexicalIndex) -> None:
    both = lexical.scores([RASH]) + lexical.scores([FEVER])
    assert lexical.scores([RASH, FEVER]) == pytest.approx(both, rel=1e-6)
    assert lexical.scores([RASH, RASH]) == pytest.approx(2 * lexical.scores([RASH]), rel=1e-6)


@pytest.mark.parametrize("query", [[], ["unknown"], ["unknown", "absent"], [""]])
def test_unknown_terms_give_zeros(lexical: LexicalIndex, query: list[str]) -> None:
    scores = lexical.scores(query)
    assert scores.dtype == np.float32
    assert scores.tolist() == [0, 0, 0]


def test_an_unknown_term_beside_a_known_one_changes_nothing(lexical: LexicalIndex) -> None:
    assert lexical.scores(["unknown", RASH]).tolist() == lexical.scores([RASH]).tolist()


def test_weight_is_the_inverse_document_frequency(lexical: LexicalIndex) -> None:
    assert lexical.weight(RASH) == pytest.approx(IDF_OF_ONE)
    assert lexical.weight(FEVER) == pytest.approx(IDF_OF_TWO, rel=1e-6)
    assert lexical.weight("unknown") == pytest.approx(IDF_OF_NONE)
    assert lexical.weight("") == pytest.approx(IDF_OF_NONE)


def test_knows_its_terms_and_its_size(lexical: LexicalIndex) -> None:
    assert RASH in lexical
    assert "unknown" not in lexical
    assert "" not in lexical
    assert len(lexical) == 3


def test_a_text_without_terms_scores_nothing() -> None:
    lexical = LexicalIndex.build(["the of", "rash", "?"])
    assert len(lexical) == 3
    assert (lexical.scores([RASH]) > 0).tolist() == [False, True, False]


def test_reads_what_it_wrote(lexical: LexicalIndex, tmp_path: Path) -> None:
    lexical.save(tmp_path)
    loaded = LexicalIndex.load(tmp_path)
    for query in ([RASH], [FEVER, COUGH], ["unknown"]):
        assert loaded.scores(query).tolist() == lexical.scores(query).tolist()
    assert loaded.weight(FEVER) == lexical.weight(FEVER)
    assert len(loaded) == 3


def test_writes_no_pickle_and_reads_none(lexical: LexicalIndex, tmp_path: Path) -> None:
    lexical.save(tmp_path)
    array = tmp_path / "data.csc.index.npy"
    np.save(array, np.array([Path("a"), Path("b")], dtype=object), allow_pickle=True)
    with pytest.raises(ValueError, match="allow_pickle=False"):
        LexicalIndex.load(tmp_path)


def test_files_are_the_same_in_every_process(tmp_path: Path) -> None:
    """Python orders sets of strings differently in every process; the files must not show it."""
    code = "import sys; from pathlib import Path; from temsiqa.index.lexical import LexicalIndex as L; "
    code += f"L.build({TEXTS!r}).save(Path(sys.argv[1]))"
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", code, tmp_path / seed], check=True, env=environment)
    one, other = ({p.name: p.read_bytes() for p in (tmp_path / seed).iterdir()} for seed in ("1", "2"))
    assert len(one) == 5
    assert one == other
