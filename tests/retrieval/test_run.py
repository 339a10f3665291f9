from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import ir_measures
import pytest
from ir_measures import Qrel, nDCG

from command_support import Run, assert_refused, runner  # noqa: F401 - a fixture
from temsiqa.assistant import Assistant
from temsiqa.errors import QuestionError, TemsiqaError
from temsiqa.model import Audience, Document, EvidenceLevel, Hit, Identifier, Passage, Provenance
from temsiqa.retrieval.run import By, rank_documents, read_queries, run_lines

QUERIES = {"q1": "the infusion once a week", "2": "rash and mouth sores"}


def document(name: str, number: str | None = None) -> Document:
    identifiers = (Identifier("doi", "10.1/x"), Identifier("id", number)) if number else ()
    return Document(name, "", Provenance("T", EvidenceLevel.REVIEW, identifiers=identifiers), ())


DOCUMENTS = {d.id: d for d in (document("c/31", "31"), document("c/7", "7"), document("my  notes.md"))}


def hit(name: str, score: float, dense: float = 0.0, lexical: float = 0.0) -> tuple[Hit, Passage]:
    return Hit(0, score, dense, lexical), Passage(name, (), (), "")


def write_queries(path: Path, queries: dict[str, str]) -> Path:
    path.write_text("".join(json.dumps({"_id": n, "text": t}) + "\n" for n, t in queries.items()), encoding="utf-8")
    return path


def test_a_document_is_as_good_as_its_best_passage() -> None:
    hits = [hit("c/7", 0.5, 0.1, 3.0), hit("c/31", 0.9, 0.2, 1.0), hit("c/7", 0.2, 0.4, 0.0), hit("my  notes.md", 0.7)]
    assert rank_documents(hits, DOCUMENTS, By.FUSED) == [("31", 0.9), ("my%20notes.md", 0.7), ("7", 0.5)]
    assert rank_documents(hits, DOCUMENTS, By.DENSE) == [("7", 0.4), ("31", 0.2), ("my%20notes.md", 0.0)]
    assert rank_documents(hits, DOCUMENTS, By.LEXICAL) == [("7", 3.0), ("31", 1.0)]  # the notes share no word


def test_ties_go_by_number_whatever_the_order_of_the_hits() -> None:
    hits = [hit("c/7", 0.5), hit("c/31", 0.5), hit("my  notes.md", 0.5)]
    expected = [("my%20notes.md", 0.5), ("7", 0.5), ("31", 0.5)]
    assert rank_documents(hits, DOCUMENTS, By.FUSED) == rank_documents(hits[::-1], DOCUMENTS, By.FUSED) == expected


def test_lines_are_those_of_trec(tiny_assistant: Assistant) -> None:
    blocks = list(run_lines(tiny_assistant, QUERIES, By.FUSED, Audience.STAFF, depth=2))
    rows = [[line.split(" ") for line in block.splitlines()] for block in blocks]
    assert [[(name, q0, rank, tag) for name, q0, _, rank, _, tag in block] for block in rows] == [
        [(name, "Q0", rank, "temsiqa") for rank in ("1", "2")] for name in QUERIES
    ]
    assert rows[0][0][2] == rows[1][0][2] == "guides/giving.md"
    hits = tiny_assistant.search(QUERIES["q1"], Audience.STAFF, 1)
    assert float(rows[0][0][4]) == pytest.approx(hits[0][0].score, rel=1e-6)


@pytest.mark.parametrize("by", By)
def test_ir_measures_reads_a_run(tiny_assistant: Assistant, by: By) -> None:
    run = "".join(run_lines(tiny_assistant, QUERIES, by, Audience.STAFF, depth=100))
    # the second document that is judged relevant is in no index: (1 / log2(2)) / (1 / log2(2) + 1 / log2(3)) = 0.6131
    judged = [Qrel("q1", "guides/giving.md", 1), Qrel("q1", "none", 1)]
    found = list(ir_measures.read_trec_run(run))  # type: ignore[no-untyped-call]
    measured = ir_measures.calc_aggregate([nDCG @ 10], judged, found)
    assert measured[nDCG @ 10] == pytest.approx(0.6131, abs=1e-4)


def test_a_query_that_asks_nothing_is_named(tiny_assistant: Assistant) -> None:
    with pytest.raises(QuestionError, match=r"^query 5: the question is empty"):
        list(run_lines(tiny_assistant, {"5": "?"}, By.FUSED, Audience.STAFF, 10))


@pytest.mark.parametrize(
    "pack", [bytes, gzip.compress, lambda data: b"\xef\xbb\xbf" + data], ids=["plain", "gz", "bom"]
)
def test_queries_are_read_in_their_order(tmp_path: Path, pack: Callable[[bytes], bytes]) -> None:
    lines = b'{"_id": "q9", "text": "one", "metadata": {}}\r\n\n{"text": "two\\u2028", "_id": 1}'
    (tmp_path / "q").write_bytes(pack(lines))
    assert list(read_queries(tmp_path / "q").items()) == [("q9", "one"), ("1", "two\u2028")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "q: holds no query; write one"),
        (b"\xff", "q: cannot be read as UTF-8"),
        (b'{"_id": "1", "text": "a"}\nx', "q: line 2: Invalid JSON"),
        (b"[]", "q: line 1: .*object"),
        (b'{"id": "1", "text": "a"}', "q: line 1: _id: Field required"),
        (b'{"_id": "a b", "text": "a"}', "q: line 1: _id: "),
        (b'{"_id": "", "text": "a"}', "q: line 1: _id: "),
        (b'{"_id": "1", "text": null}', "q: line 1: text: "),
        (b'{"_id": "1", "text": "a"}\n{"_id": 1, "text": "b"}', "q: line 2: _id '1' came before"),
        (gzip.compress(b"{}" * 99)[:-9], "q: damaged gzip file"),
    ],
)
def test_bad_queries_are_named_by_line(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "q").write_bytes(content)
    with pytest.raises(TemsiqaError, match=message) as caught:
        read_queries(tmp_path / "q")
    assert "\n" not in str(caught.value)


def test_the_command_writes_the_run(run: Run, tiny_index: Path, tiny_assistant: Assistant, tmp_path: Path) -> None:
    queries, found = write_queries(tmp_path / "q.jsonl", QUERIES), tmp_path / "out.trec"
    ran = run("search", "--queries", queries, "--run", found, "--by", "dense", "--depth", "1", "--index", tiny_index)
    assert ran == (0, "", "")
    expected = "".join(run_lines(tiny_assistant, QUERIES, By.DENSE, Audience.STAFF, 1))
    assert found.read_text(encoding="utf-8") == expected
    assert expected.count("\n") == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--queries", "q.jsonl"], ["either a QUERY or both"]),
        (["--run", "out"], ["either a QUERY or both"]),
        (["x", "--queries", "q.jsonl", "--run", "out"], ["either a QUERY or both"]),
        (["x", "--run", "out"], ["either a QUERY or both"]),
        ([], ["either a QUERY or both"]),
        (["--queries", "none", "--run", "out"], ["none", "cannot be read"]),
        (["--queries", "q.jsonl", "--run", "q.jsonl"], ["q.jsonl", "holds the queries"]),
        (["--queries", "q.jsonl", "--run", "none/out"], ["none/out", "cannot be written"]),
    ],
)
def test_what_cannot_be_run_is_one_line(
    run: Run, tiny_index: Path, tmp_path: Path, arguments: list[str], words: list[str]
) -> None:
    queries = write_queries(tmp_path / "q.jsonl", QUERIES)
    assert_refused(run("search", *arguments, "--index", tiny_index), *words)
    assert len(read_queries(queries)) == 2
    assert not (tmp_path / "out").exists()
