from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from temsiqa.evaluation.reading import check_test_set, read_test_set

Write = Callable[[str, str | bytes], Path]
QUERIES = '{"_id": "1", "text": "Do seals sleep?"}\n\n{"_id": "2", "text": "Do whales?"}\n{"_id": 3, "text": "Who?"}\n'
BEIR = "query-id\tcorpus-id\tscore\n1\td 1\t2\n1\td2\t0\n3\td3\t1\n"
TREC = "1 0 d1 2\n1\tQ0\td2  -2\n3 0 d3 1\n"


def documents(path: Path) -> dict[str, dict[str, int]]:
    return {item.id: item.documents for item in read_test_set(path).items}


@pytest.mark.parametrize("pack", [str.encode, lambda text: gzip.compress(text.encode())])
def test_a_folder_of_beir(write: Write, pack: Callable[[str], bytes]) -> None:
    packed = pack is not str.encode
    folder = write("queries.jsonl.gz" if packed else "queries.jsonl", pack(QUERIES)).parent
    write("qrels/test.tsv", BEIR)
    write("qrels/train.tsv", "2\td1\t1\n")
    assert documents(folder) == {"1": {"d 1": 2}, "3": {"d3": 1}}
    assert documents(folder / "qrels" / "train.tsv") == {"2": {"d1": 1}}
    assert [item.expected for item in read_test_set(folder).items] == [None, None]


def test_the_only_judgments_of_a_folder_are_taken_and_one_of_several_is_not_guessed(write: Write) -> None:
    folder = write("queries.jsonl", QUERIES).parent
    write("qrels/dev.tsv", BEIR)
    assert list(documents(folder)) == ["1", "3"]
    write("qrels/train.tsv", BEIR)
    (mistake,) = check_test_set(folder)
    assert "found: dev.tsv, train.tsv" in mistake.message


@pytest.mark.parametrize("name", ["qrels.txt", "deep/x.qrels", "dl19"])
@pytest.mark.parametrize(
    ("queries", "content"), [("queries.jsonl", QUERIES), ("topics.tsv", "1\tDo seals?\n2\tWhy?\n3\tWho?\n")]
)
def test_judgments_of_trec(write: Write, name: str, queries: str, content: str) -> None:
    write(queries, content)
    assert documents(write(name, TREC)) == {"1": {"d1": 2}, "3": {"d3": 1}}


def test_queries_beside_the_judgments_come_before_those_one_folder_up(write: Write) -> None:
    write("topics.tsv", "1\tfar\n3\tfar\n")
    write("qrels/topics.tsv", "1\tnear\n3\tnear\n")
    items = read_test_set(write("qrels/q.txt", TREC)).items
    assert {item.question for item in items} == {"near"}


def test_every_mistake_is_told(write: Write) -> None:
    write("queries.jsonl", '{"_id": "1", "text": "Do seals?"}\n{"_id": "2"}\n{\n')
    mistakes = check_test_set(write("q.tsv", "1\td1\t1\n7\td1\t1\n1\td1\thigh\n"))
    assert [str(mistake).split(";")[0] for mistake in mistakes] == [
        "q.tsv: line 3: '1\\td1\\thigh' is no judgment",
        "queries.jsonl: line 2: text: is missing",
        "queries.jsonl: line 3: no JSON (Expecting property name enclosed in double quotes at character 2)",
        "q.tsv: query '7' is not in queries.jsonl",
    ]


def test_a_row_without_a_tab_is_no_query(write: Write) -> None:
    write("topics.tsv", "1\tDo seals?\n3 Who?\n")
    assert "topics.tsv: line 2: no tab" in str(check_test_set(write("q.txt", TREC))[0])


def test_judgments_without_queries_are_told(write: Write) -> None:
    (mistake,) = check_test_set(write("qrels.tsv", BEIR))
    assert mistake.message.startswith("no queries beside it or one folder up; ")


def test_judgments_that_find_nothing_relevant_are_no_set(write: Write) -> None:
    write("queries.jsonl", QUERIES)
    assert [mistake.message for mistake in check_test_set(write("q.txt", "1 0 d1 0\n"))] == ["holds no item; add one"]


def test_scifact_has_its_300_questions(data: Path) -> None:
    items = read_test_set(data / "scifact").items
    assert len(items) == 300
    assert sum(len(item.documents) for item in items) == 339
