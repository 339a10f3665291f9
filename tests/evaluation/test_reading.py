from __future__ import annotations

import csv
import gzip
import io
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support import REPOSITORY
from temsiqa.errors import EvaluationError
from temsiqa.evaluation.reading import Mistake, check_test_set, read_test_set
from temsiqa.evaluation.testset import Expected, Fact, Item, TestSet, json_schema
from temsiqa.model import Audience

SUFFIXES = (".jsonl", ".jsonl.gz", ".json", ".yaml", ".yml", ".csv", ".tsv", ".xml", ".qrels", "")


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str | bytes], Path]:
    def written(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return written


Write = Callable[[str, str | bytes], Path]

JSONL = """\
{"id": "a", "question": "How long?", "expected": "answer", "facts": [["30.*60"], "weekly", {"literal": ["ask"]}]}

{"id": 2, "question": "Who?", "documents": ["x.md"], "slices": ["hard"]}
"""
JSON = """[
  {"id": "a", "question": "How long?", "expected": "answer",
   "facts": [["30.*60"], "weekly", {"literal": ["ask"]}]},
  {"id": 2, "question": "Who?", "documents": {"x.md": 1}, "slices": ["hard"]}
]"""
YAML = """\
# a comment
items:
  - id: a
    question: How long?
    expected: answer
    facts:
      - [30.*60]
      - weekly
      - literal: [ask]
  - {id: 2, question: "Who?", documents: [x.md], slices: [hard]}
"""
CSV = """\
id,question,expected,facts,documents,slices
a,How long?,answer,"[[""30.*60""], ""weekly"", {""literal"": [""ask""]}]",,

2,Who?,,,x.md,hard
"""
TSV = """\
id\tquestion\texpected\tfacts\tdocuments\tslices
a\tHow long?\tanswer\t"[[""30.*60""], ""weekly"", {""literal"": [""ask""]}]"
2\tWho?\t\t\tx.md\thard
"""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("s.jsonl", JSONL),
        ("s.jsonl", "\ufeff" + JSONL.replace("\n", "\r\n")),
        ("s.jsonl.gz", gzip.compress(JSONL.encode())),
        ("s.json", JSON),
        ("s.json", JSONL),  # as some collections call it
        ("s.txt", JSONL),
        ("s.yaml", YAML),
        ("s.yml", YAML.replace("items:\n", "")),
        ("s.csv", CSV),
        ("s.tsv", TSV),
    ],
)
def test_the_same_items_however_the_file_spells_them(write: Write, name: str, content: str | bytes) -> None:
    found = read_test_set(write(name, content))
    assert found.name == "s"
    assert found.items == (
        Item(
            id="a",
            question="How long?",
            expected=Expected.ANSWER,
            facts=(Fact(patterns=("30.*60",)), Fact(literal=("weekly",)), Fact(literal=("ask",))),
        ),
        Item(id="2", question="Who?", documents={"x.md": 1}, slices=("hard",)),
    )


def test_cells_hold_lists(write: Write) -> None:
    content = (
        "id,question,facts,forbidden,history,documents,never_urgent\n"
        '1,How?,12.5 mg | 12;5,"a.b; c;;","[""Who; what?""]","{""x"": 2}",true\n'
    )
    (item,) = read_test_set(write("s.csv", content)).items
    assert item.facts == (Fact(literal=("12.5 mg", "12")), Fact(literal=("5",)))
    assert item.forbidden == ("a.b", "c")
    assert item.history == ("Who; what?",)
    assert item.documents == {"x": 2}
    assert item.never_urgent


def test_a_line_separator_within_a_text_ends_no_line(write: Write) -> None:
    (item,) = read_test_set(write("s.jsonl", '{"id": "1", "question": "How\u2028long\x85?"}\n')).items
    assert item.question == "How\u2028long\x85?"


def told(path: Path) -> list[str]:
    """The mistakes of a file; nobody can use it, and the first of them is told to whoever tries."""
    mistakes = check_test_set(path)
    more = f" (and {len(mistakes) - 1} more)" if len(mistakes) > 1 else ""
    with pytest.raises(EvaluationError) as caught:
        read_test_set(path)
    assert str(caught.value) == f"{mistakes[0]}{more}; see all: temsiqa eval validate {path}"
    assert all("\n" not in str(mistake) for mistake in mistakes)
    return [str(mistake) for mistake in mistakes]


def test_every_mistake_of_a_file_is_told_in_its_order(write: Write) -> None:
    lines = [
        '{"id": "a", "question": "How?", "expcted": "answer"}',
        '{"id": "b", "question": "How?", "expected": "anser", "facts": [["a", "("], {"litteral": ["x"]}]}',
        '{"id": "c", "question": "How?"',
        "[1]",
        '{"id": "d", "question": " ?! "}',
        '{"id": "d", "question": "How?"}',
        '{"question": "How?", "zzz": 1}',
        '{"id": "e", "question": "How?", "history": "Who?", "documents": {"x": -1}}',
        '{"id": "f", "question": "How?", "never_urgent": true, "expected": "urgent"}',
    ]
    unknown = "known are: id, question, history, audience, expected, facts, documents, sources, passages, forbidden"
    assert [mistake.split("; mend")[0] for mistake in told(write("s.jsonl", "\n".join(lines)))] == [
        "s.jsonl: line 1: expcted: unknown field; did you mean expected?",
        "s.jsonl: line 2: expected: 'anser': input should be 'answer', 'abstain', 'refer', 'call_today' or 'urgent'",
        "s.jsonl: line 2: facts.0.patterns.1: '(' is no regular expression (missing ), unterminated subpattern at "
        "position 0)",
        "s.jsonl: line 2: facts.1.litteral: unknown field; did you mean literal?",
        "s.jsonl: line 3: no JSON (Expecting ',' delimiter at character 31)",
        "s.jsonl: line 4: [1] is no object; put its fields in one",
        "s.jsonl: line 5: question: the question is empty; type a question in words",
        "s.jsonl: line 6: id: 'd' came before (s.jsonl: line 5); rename one",
        "s.jsonl: line 7: id: is missing; add it",
        f"s.jsonl: line 7: zzz: unknown field; {unknown}, answers, slices, twin, never_urgent",
        "s.jsonl: line 8: history: 'Who?': input should be a valid list",
        "s.jsonl: line 8: documents.x: -1: input should be greater than or equal to 0",
        "s.jsonl: line 9: never_urgent: contradicts expected: urgent; leave one out",
    ]


def test_a_pattern_that_the_next_python_may_read_otherwise_is_told(write: Write) -> None:
    (mistake,) = told(write("s.jsonl", '{"id": "a", "question": "How?", "forbidden": ["[[1] mg"]}'))
    assert mistake.startswith("s.jsonl: line 1: forbidden.0: '[[1] mg' is no regular expression (Possible nested set")


def test_twins_name_each_other_and_want_the_same(write: Write) -> None:
    twins = [
        {"id": "a", "twin": "b"},
        {"id": "b", "twin": "a"},
        {"id": "c", "twin": "nobody"},
        {"id": "d", "twin": "d"},
        {"id": "e", "twin": "a"},
        {"id": "f", "twin": "g", "expected": "answer"},
        {"id": "g", "twin": "f", "expected": "abstain"},
        {"id": "h", "twin": "i"},
        {"id": "i", "twin": "h", "expected": "perhaps"},
    ]
    lines = "\n".join(json.dumps({"question": "How?", **twin}) for twin in twins)
    found = [mistake.removeprefix("s.jsonl: ") for mistake in told(write("s.jsonl", lines))]
    assert [mistake.split("; ")[0] for mistake in found] == [
        "line 3: twin: 'nobody' is the id of no other item",
        "line 4: twin: 'd' is the id of no other item",
        "line 5: twin: 'a' does not name this item as its twin",
        "line 6: twin: 'g' is expected to abstain, this one to answer",
        "line 7: twin: 'f' is expected to answer, this one to abstain",
        "line 9: expected: 'perhaps': input should be 'answer', 'abstain', 'refer', 'call_today' or 'urgent'",
    ]


@pytest.mark.parametrize(
    ("name", "content", "line"),
    [
        ("s.json", '[\n\n {"id": 1, "question": "A?"},\n {"id": 1,\n  "question": "B?"}\n]', 4),
        ("s.json", '\n{"id": 1, "question": "", "facts": []}', 2),
        ("s.json", '[{"id": 1,\n "question": }]', 2),
        ("s.yaml", "- id: 1\n  question: A?\n\n# more\n- id: 1\n  question: B?\n", 5),
        ("s.yaml", "other: 1\nitems:\n- id: 1\n  question: ''\n", 3),
        ("s.yaml", "- id: 1\n  question: [\n", 3),
        ("s.csv", 'id,question\n1,"A\n\nlong\r\none?"\n\n1,B?\n', 7),
        ("s.csv", 'id,question\n1,A?\n2,"B" ?\n', 3),
        ("s.csv", "id,question\n1,A?,more\n", 2),
        ("s.csv", "id,question,facts\n1,A?,[0-9]+\n", 2),
        ("s.csv", "\nid,id\n1,2", 2),
        ("s.tsv", 'id\tquestion\n1\tA?\n2\t"B?\n', 3),
        ("s.jsonl", b'{"id": 1, "question": "A?"}\n{"id": 2, "question": "\xe9?"}\n', 2),
    ],
)
def test_mistakes_name_their_lines_in_every_format(write: Write, name: str, content: str | bytes, line: int) -> None:
    (mistake,) = told(write(name, content))
    assert mistake.startswith(f"{name}: line {line}: ")


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("s.jsonl", "", "holds no item; add one"),
        ("s.jsonl", "\n \n", "holds no item; add one"),
        ("s.json", "[]", "holds no item; add one"),
        ("s.yaml", "items:\n", "holds no item; add one"),
        ("s.csv", "id,question\n", "holds no item; add one"),
        ("s.yaml", "id: 1\n", "no list of items; begin each with a dash, alone or under items:"),
        ("s.yaml", "a: &a [1]\nitems: [*a]", "no plain YAML (aliases are not read); mend it"),
        ("s.yaml", "- !!python/object:os.system {}", "no plain YAML (could not determine a constructor for the tag"),
        ("s.jsonl", '{"_id": "1", "text": "A?"}', "fields of no known format (['_id', 'text']); known are: JSONL"),
        ("s.md", "# Questions", "of no known format; known are: JSONL"),
        ("s.jsonl.gz", b"\x1f\x8bnone", "damaged gzip file ("),
        ("s.jsonl", "[" * 100_000, "no JSON (maximum recursion depth exceeded"),
    ],
)
def test_what_is_no_set_is_told_in_one_line(write: Write, name: str, content: str | bytes, said: str) -> None:
    (mistake,) = told(write(name, content))
    assert said in mistake
    assert mistake.startswith(f"{name}: ")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    (mistake,) = told(tmp_path / "s.jsonl")
    assert mistake == f"{tmp_path / 's.jsonl'}: cannot be read (No such file or directory); check the path"


def test_most_records_decide_what_the_fields_mean(write: Write) -> None:
    lines = [{"id": "1", "question": "A?", "answers": ["a"]}] * 2 + [{"id": "2", "question": "B?", "answer": "b"}]
    found = told(write("s.jsonl", "\n".join(map(json.dumps, lines))))
    assert found[-1] == "s.jsonl: line 3: answer: unknown field; did you mean answers?"


def test_a_mistake_is_one_line() -> None:
    assert str(Mistake("s.jsonl: line 2", "", "a\nb")) == "s.jsonl: line 2: a b"


def test_the_published_schema_is_that_of_the_items() -> None:
    published = (REPOSITORY / "docs" / "test-set.schema.json").read_text(encoding="utf-8")
    assert published == json_schema(), "write what json_schema() returns to docs/test-set.schema.json"


def test_the_schema_allows_the_short_forms() -> None:
    properties = json.loads(json_schema())["properties"]
    assert [form.get("type", "fact") for form in properties["facts"]["items"]["anyOf"]] == ["fact", "string", "array"]
    assert [form["type"] for form in properties["documents"]["anyOf"]] == ["object", "array"]


words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20).filter(str.strip)
names = st.text("abc/*.-_ä", min_size=1, max_size=8)
patterns = st.sampled_from(["30\\s?(?:-|to) 60", "[a;b]|c", "\\bmg\\b", "\u2028 *"])
lists = st.lists(words, max_size=3).map(tuple)
facts = st.builds(
    Fact,
    patterns=st.lists(patterns, min_size=1, max_size=2).map(tuple),
    literal=lists,
    from_policy=st.booleans(),
)
items = st.builds(
    Item,
    id=names,
    question=words.filter(lambda text: any(map(str.isalnum, text))),
    history=lists,
    audience=st.sampled_from(Audience),
    expected=st.none() | st.sampled_from(Expected),
    facts=st.lists(facts, max_size=2).map(tuple),
    documents=st.dictionaries(names, st.integers(0, 3), max_size=2),
    sources=lists,
    passages=lists,
    forbidden=st.lists(patterns, max_size=2).map(tuple),
    answers=lists,
    slices=lists,
)


def as_lines(records: list[dict[str, Any]]) -> str:
    return "\n".join(json.dumps(record, ensure_ascii=False) for record in records)


def as_yaml(records: list[dict[str, Any]]) -> str:
    return yaml.safe_dump(records)


def as_table(records: list[dict[str, Any]]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(Item.model_fields)
    for record in records:
        cells = [record[name] for name in Item.model_fields]
        writer.writerow([json.dumps(cell) if isinstance(cell, list | dict) else cell for cell in cells])
    return out.getvalue()


in_one_folder = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@in_one_folder
@given(st.lists(items, min_size=1, max_size=3, unique_by=lambda item: item.id))
@pytest.mark.parametrize(("suffix", "spelt"), [(".jsonl", as_lines), (".yaml", as_yaml), (".csv", as_table)])
def test_what_is_written_is_read_again(
    tmp_path: Path, suffix: str, spelt: Callable[[list[dict[str, Any]]], str], asked: list[Item]
) -> None:
    path = tmp_path / f"set{suffix}"
    path.write_bytes(spelt([item.model_dump(mode="json") for item in asked]).encode())
    assert read_test_set(path) == TestSet("set", tuple(asked))


values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["(", "a", "answer"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3) | names, inner, max_size=3),
    max_leaves=8,
)
FIELDS = (*Item.model_fields, *"answer type must_not expected_behaviour policy_facts level variant pair".split())
MORE_FIELDS = ("user_input", "reference", "ground_truths", "reference_contexts", "data", "items", "_id", "text", "zzz")
records = st.dictionaries(st.sampled_from((*FIELDS, *MORE_FIELDS)), values, max_size=8) | values
PIECES = ("id", "question", ",", "\t", "\n", '"', "[", "]", "{", "}", ":", "- ", "1 0 d 1\n", "<a>", "&a", "*a", "\x00")
contents = st.one_of(
    st.binary(max_size=60),
    st.lists(st.sampled_from(PIECES), max_size=12).map(lambda pieces: "".join(pieces).encode()),
    st.lists(records, max_size=3).map(lambda made: json.dumps(made).encode()),
    st.lists(records, max_size=3).map(lambda made: "\n".join(map(json.dumps, made)).encode()),
    st.lists(records, max_size=3).map(lambda made: yaml.safe_dump(made).encode()),
    st.binary(max_size=30).map(gzip.compress),
)


@settings(in_one_folder, max_examples=150)
@given(st.sampled_from(SUFFIXES), contents)
def test_any_bytes_end_in_a_set_or_in_mistakes(tmp_path: Path, suffix: str, content: bytes) -> None:
    path = tmp_path / f"set{suffix}"
    path.write_bytes(content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of Python, on curious regular expressions
        mistakes = check_test_set(path)
        if mistakes:
            assert all(len(str(mistake).splitlines()) == 1 for mistake in mistakes)
            with pytest.raises(EvaluationError):
                read_test_set(path)
        else:
            assert read_test_set(path).items
            assert read_test_set(path).fingerprint
