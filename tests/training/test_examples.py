from __future__ import annotations

import gzip
import json
import random
from pathlib import Path
from typing import Any

from document_support import text_document
from training.cases import OWN_QUESTIONS, Part, development_cases, original_cases, own_cases, quoted
from training.examples import Example, Pair, public_examples, sampled


def _write(path: Path, *rows: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows)


def test_the_three_sets_are_read_by_split(tmp_path: Path) -> None:
    text = "Water boils at 100 degrees. Ice melts at zero."
    _write(tmp_path / "squad" / "contexts.jsonl.gz", {"context_id": "w#0", "title": "Hot_water", "context": text})
    answered = {"question": "When does ice melt?", "context_id": "w#0", "spans": [[28, 31]], "answerable": True}
    silent = {"question": "What is steam?", "context_id": "w#0", "spans": [[0, 5]], "answerable": False}
    _write(
        tmp_path / "squad" / "questions.jsonl.gz", {**answered, "split": "train"}, {**silent, "split": "train"},
        {**silent, "split": "dev"},
    )  # fmt: skip
    sentences = [[0, 27], [28, 46]]
    row = {"question": "q", "context": text, "sentences": sentences, "title": "T", "section": "S", "split": "train"}
    _write(tmp_path / "selqa" / "questions.jsonl.gz", {**row, "spans": [[0, 27]]})
    one = {**row, "kind": "single_sentence", "answerable": True, "support": [28, 46]}
    _write(tmp_path / "qed" / "questions.jsonl.gz", one, {**one, "kind": "multi_sentence"})
    found = list(public_examples(tmp_path, "train"))
    assert [example.answers for example in found] == [(False, True), (False, False), (True, False), (False, True)]
    assert [example.title for example in found] == ["Hot water", "Hot water", "T. S", "T"]
    assert found[0].sentences == ("Water boils at 100 degrees.", "Ice melts at zero.")


def test_wrong_pairs_are_those_that_share_most_words() -> None:
    sentences = ("The sun is hot.", "Ice melts at zero.", "Ice is cold.", "Dogs bark.")
    example = Example("when does ice melt", sentences, (False, True, False, False), "")
    pairs = list(sampled([example], random.Random(1)))
    assert pairs[0] == Pair("when does ice melt", "Ice melts at zero.", answers=True)
    assert [pair.answers for pair in pairs] == [True, False, False]
    assert pairs[1].sentence == "Ice is cold."


def test_own_questions_are_for_training_or_for_fitting_and_never_for_both() -> None:
    fitted = {case.question for case in own_cases(True, frozenset())}
    trained = {case.question for case in own_cases(False, frozenset())}
    assert not fitted & trained
    assert len(fitted | trained) > 1000
    assert 0.17 < len(fitted) / len(fitted | trained) < 0.27


def test_questions_on_the_originals_have_one_part_each() -> None:
    parts = [{case.question for case in original_cases(part)} for part in Part]
    assert sum(map(len, parts)) == len(set().union(*parts))
    assert all(len(part) > 50 for part in parts)


def test_a_fact_is_stated_by_any_of_its_sentences() -> None:
    document = text_document("First. Second.", "a.txt")
    first, second = (sentence for block in document.blocks for sentence in block.sentences)
    place = {"document": "a.txt", "quote": "First."}
    facts = [[place], [place, {"document": "b.txt", "quote": "Second."}]]
    case = quoted({"question": "q", "history": [], "audience": "staff", "facts": facts})
    assert case.facts(document, first) == {0, 1}
    assert case.facts(document, second) == frozenset()
    assert case.is_answered_by([(document, first)])
    assert not case.answers(document, second)


def test_what_the_documents_state_only_in_part_is_left_out() -> None:
    rows = map(json.loads, OWN_QUESTIONS.read_text(encoding="utf-8").splitlines())
    everything = frozenset(place["document"] for row in rows for fact in row["facts"] for place in fact)
    answered = [case for fitted in (True, False) for case in own_cases(fitted, everything) if case.wanted]
    some = [case for f in (True, False) for case in own_cases(f, frozenset({min(everything)})) if case.wanted]
    assert 0 < len(some) < len(answered)
    assert {case.question for case in some} <= {case.question for case in answered}


def test_facts_of_a_development_set_are_looked_for_in_sentences(tmp_path: Path) -> None:
    rows = [
        {"question": "q", "history": [], "audience": "staff", "expected_behaviour": "answer", "facts": [["a+"], ["z"]]},
        {"question": "r", "history": [], "audience": "staff", "expected_behaviour": "triage", "facts": [["a"]]},
        {"question": "s", "history": [], "audience": "staff", "expected_behaviour": "abstain", "facts": []},
    ]
    path = tmp_path / "dev.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    answered, silent = development_cases(path)
    assert (answered.wanted, silent.wanted) == (2, 0)
    assert not answered.is_answered_by([])
    assert not silent.is_answered_by([])
