from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index_support import NO_GLOSSARY
from support import HashEncoder, build_index
from temsiqa.index.generation import Generation, load_current
from temsiqa.index.words import terms
from temsiqa.model import Audience, EvidenceLevel, Hit, Query
from temsiqa.retrieval.retrieve import Retriever, fused


@pytest.fixture(scope="module")
def generation(tiny_index: Path) -> Generation:
    return load_current(tiny_index)


def ask(generation: Generation, text: str, audience: Audience = Audience.STAFF, count: int = 10) -> tuple[Hit, ...]:
    query = Query(text, text, tuple(text.split()), tuple(terms(text)), tuple(terms(text)))
    return Retriever(generation).retrieve(query, HashEncoder().encode([text])[0], audience, count)


def test_the_passage_that_shares_the_words_comes_first(generation: Generation) -> None:
    best = generation.passages[ask(generation, "mouth sores and rash, the common side effects")[0].passage]
    assert best.section == ("Side effects",)


def test_hits_are_in_order_and_each_passage_comes_once(generation: Generation) -> None:
    hits = ask(generation, "infusion of temsirolimus")
    assert [h.score for h in hits] == sorted((h.score for h in hits), reverse=True)
    assert len({h.passage for h in hits}) == len(hits)
    assert len(ask(generation, "infusion of temsirolimus", count=2)) == 2


def test_fused_scores_by_hand() -> None:
    dense, lexical = np.array([1.0, 0.5, 0.0, -0.2], np.float32), np.array([0.0, 4.0, 2.0, 0.0], np.float32)
    # 0.65 of the cosine and 0.35 of the share of the best BM25 score, which is 4
    assert fused(dense, lexical).tolist() == pytest.approx([0.65, 0.675, 0.175, -0.13])
    assert fused(dense, np.zeros(4, np.float32)).tolist() == pytest.approx([0.65, 0.325, 0.0, -0.13])


def test_hits_carry_their_cosine_their_bm25_score_and_what_was_made_of_them(generation: Generation) -> None:
    text = "half-life hours"
    vector = HashEncoder().encode([text])[0]
    cosines = np.array([generation.passage_vectors.reconstruct(n) @ vector for n in range(len(generation.passages))])
    lexical = generation.passage_words.scores(terms(text))
    hits = ask(generation, text, count=100)
    assert sorted(hit.passage for hit in hits) == list(range(len(generation.passages)))
    for hit in hits:
        level = generation.documents[generation.passages[hit.passage].document].provenance.evidence_level
        prior = 0.01 * (len(EvidenceLevel) - list(EvidenceLevel).index(level))
        assert hit.dense == pytest.approx(cosines[hit.passage], abs=1e-6)
        assert hit.lexical == pytest.approx(lexical[hit.passage])
        assert hit.score == pytest.approx(fused(cosines, lexical)[hit.passage] + prior, abs=1e-6)


def test_a_question_in_the_same_words_comes_first(tmp_path: Path, hash_encoder: HashEncoder) -> None:
    pairs = "## How is it given?\n\nAs a drip.\n\n## How is it kept?\n\nHow it is given is how it is kept, cold.\n"
    (tmp_path / "faq.md").write_text(f"# Temsirolimus\n\n{pairs}", encoding="utf-8")
    build_index(tmp_path / "index", tmp_path, hash_encoder, NO_GLOSSARY)
    generation = load_current(tmp_path / "index")
    hits = ask(generation, "how is it given")
    assert [generation.passages[hit.passage].section for hit in hits] == [("How is it given?",), ("How is it kept?",)]
    assert [hit.question for hit in hits] == [1.0, 0.6]  # of five words in both, the second question shares three
    most = max(hit.lexical for hit in hits)
    for hit in hits:
        assert hit.score == pytest.approx(
            0.65 * hit.dense + 0.35 * hit.lexical / most + 0.5 * hit.question + 0.01, abs=1e-6
        )


def test_for_patients_vendor_notes_step_back(generation: Generation) -> None:
    def vendor_score(audience: Audience) -> float:
        hits = ask(generation, "half-life of temsirolimus", audience)
        return next(h.score for h in hits if generation.passages[h.passage].document == "notes/half-life.md")

    assert vendor_score(Audience.PATIENT) < vendor_score(Audience.RESEARCHER)


def test_unknown_words_leave_the_dense_ranking(generation: Generation) -> None:
    hits = ask(generation, "zorbliplex quux")
    assert all(h.lexical == 0 for h in hits)
    assert len(hits) == len(generation.passages)


def test_between_equals_the_stronger_evidence_wins(tmp_path: Path, hash_encoder: HashEncoder) -> None:
    for name, level in (("a-weak.md", "unverified"), ("b-strong.md", "label")):
        head = f"---\ntitle: Doses\nevidence_level: {level}\n---\n"
        (tmp_path / name).write_text(f"{head}# Doses\n\nTemsirolimus is given once a week.\n", encoding="utf-8")
    build_index(tmp_path / "index", tmp_path, hash_encoder)
    generation = load_current(tmp_path / "index")
    hits = ask(generation, "how often is temsirolimus given")
    assert [generation.passages[h.passage].document for h in hits] == ["b-strong.md", "a-weak.md"]


def test_a_query_is_not_changed_by_retrieval(generation: Generation) -> None:
    query = Query("q", "rash", ("rash",), ("rash",), ("rash",))
    before = replace(query)
    Retriever(generation).retrieve(query, HashEncoder().encode(["rash"])[0], Audience.PATIENT, 3)
    assert query == before
