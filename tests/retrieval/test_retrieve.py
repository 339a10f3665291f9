from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from support import HashEncoder, build_index
from temsiqa.index.generation import Generation, load_current
from temsiqa.index.words import terms
from temsiqa.model import Audience, EvidenceLevel, Hit, Query
from temsiqa.retrieval.retrieve import Retriever


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


def test_scores_are_the_reciprocal_ranks_and_the_prior(generation: Generation) -> None:
    text = "half-life hours"
    hits = {h.passage: h for h in ask(generation, text)}
    dense = generation.passage_vectors.search(HashEncoder().encode([text]), len(generation.passages))[1][0].tolist()
    lexical = generation.passage_words.scores(terms(text))
    ranked = [int(n) for n in np.argsort(-lexical, kind="stable") if lexical[n] > 0]
    for number, hit in hits.items():
        fused = 1 / (60 + dense.index(number) + 1) + (1 / (60 + ranked.index(number) + 1) if number in ranked else 0)
        level = generation.documents[generation.passages[number].document].provenance.evidence_level
        prior = 0.0008 * (len(EvidenceLevel) - list(EvidenceLevel).index(level))
        assert hit.score == pytest.approx(fused + prior)
        assert hit.lexical == pytest.approx(float(lexical[number]))


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
