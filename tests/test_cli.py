"""The command line: what it prints, and that everything wrong is one line and an exit code."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import TypeAdapter
from rich.console import Console

from command_support import Ran, Run, assert_refused, read_policy, runner  # noqa: F401 - a fixture
from support import ANY_MODEL, INFUSION_ANSWER, INFUSION_QUESTION, REPOSITORY, HashEncoder, build_index, write_corpus
from temsiqa import __version__
from temsiqa.assistant import Assistant
from temsiqa.console import show_answer
from temsiqa.document_view import show_document, show_documents, show_inspection
from temsiqa.documents.formats import Format
from temsiqa.documents.inspection import Inspection
from temsiqa.explanation import ExplainedAnswer, explained
from temsiqa.index.encode import SentenceEncoder, identify
from temsiqa.index.generation import current_name, load_current
from temsiqa.index.manifest import Manifest
from temsiqa.model import Answer

COMMANDS = (
    "index",
    "ask",
    "batch",
    "search",
    "serve",
    "info",
    "inspect",
    "documents",
    "corpus",
    "eval",
    "audit",
    "replay",
)
SUBCOMMANDS = (
    "corpus check",
    "corpus stats",
    "documents list",
    "documents show",
    "documents add",
    "documents remove",
    "eval validate",
    "eval schema",
    "eval run",
    "eval compare",
    "eval report",
)
MARKUP = "half-life [bold red]x[/] [link=http://a.example]y[/link] [/nothing] :bug: \x1b]0;title\x07\x1b[31m \x9b31m"


def process(*arguments: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a command as users do."""
    command = [sys.executable, "-c", "from temsiqa.cli import main; main()", *arguments]
    return subprocess.run(
        command, cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture
def fake_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """Indexes are built without a model."""
    encoder = HashEncoder()
    encoder.name, encoder.fingerprint = identify(str(ANY_MODEL))
    monkeypatch.setattr("temsiqa.index.encode.SentenceEncoder", lambda model: encoder)
    monkeypatch.setenv("TEMSIQA_ENCODER", str(ANY_MODEL))


@pytest.mark.parametrize("command", [*COMMANDS, *SUBCOMMANDS])
def test_help_has_an_example(run: Run, command: str) -> None:
    ran = run(*command.split(), "--help")
    assert ran.code == 0
    assert f"Example: temsiqa {command}" in ran.out


def test_help_lists_the_commands(run: Run) -> None:
    ran = run("--help")
    assert ran.code == 0
    assert all(command in ran.out for command in COMMANDS)


def test_no_command_shows_the_help(run: Run) -> None:
    ran = run()
    assert ran.code == 2
    assert "Usage" in ran.out
    assert ran.err == ""


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"{__version__}\n", "")


def test_an_answer_is_shown_after_its_disclaimers(run: Run, tiny_index: Path) -> None:
    ran = run("ask", INFUSION_QUESTION, "--index", tiny_index)
    words = " ".join(ran.out.split())
    assert ran.code == 0
    places = [words.index(part) for part in (*read_policy(None).disclaimers, INFUSION_ANSWER, "guides/giving.md")]
    assert places == sorted(places)
    assert "This handbook does not replace the advice of a clinician." in words[: words.index(INFUSION_ANSWER)]


def test_an_answer_as_json_is_the_whole_answer(run: Run, tiny_index: Path, tiny_assistant: Assistant) -> None:
    ran = run("ask", INFUSION_QUESTION, "--json", "--index", tiny_index)
    assert TypeAdapter(Answer).validate_json(ran.out) == tiny_assistant.answer(INFUSION_QUESTION)
    assert ran == run("ask", INFUSION_QUESTION, "--json", "--index", tiny_index)


def test_the_explanation_comes_after_the_answer(run: Run, tiny_index: Path) -> None:
    plain = run("ask", INFUSION_QUESTION, "--index", tiny_index)
    ran = run("ask", INFUSION_QUESTION, "--explain", "--index", tiny_index)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(plain.out)
    told = ran.out.removeprefix(plain.out)
    stages = ("Triage", "Question", "Passages", "Candidates", INFUSION_ANSWER, "Decision", "threshold", "Outcome")
    places = [told.index(f"{stage}") for stage in stages]
    assert places == sorted(places)
    assert "Why it said that" not in plain.out


def test_the_explanation_as_json_is_part_of_the_answer(run: Run, tiny_index: Path, tiny_assistant: Assistant) -> None:
    asked = ("ask", "And of sirolimus?", "--history", "What is its half-life?", "--json", "--index", tiny_index)
    ran = run(*asked, "--explain")
    expected = explained(tiny_assistant, "And of sirolimus?", ["What is its half-life?"])
    assert TypeAdapter(ExplainedAnswer).validate_json(ran.out) == expected
    told = json.loads(ran.out)
    assert told.pop("explanation")["steps"][0]["query"]["leans_on"] == "what is its half-life"
    assert told == json.loads(run(*asked).out)


def test_history_and_audience_reach_the_assistant(run: Run, tiny_index: Path, tiny_assistant: Assistant) -> None:
    before = ["What is temsirolimus?", "What is its half-life?"]
    history = [part for question in before for part in ("--history", question)]
    ran = run("ask", "And of sirolimus?", *history, "--audience", "staff", "--json", "--index", tiny_index)
    expected = tiny_assistant.answer("And of sirolimus?", before, "staff")
    assert TypeAdapter(Answer).validate_json(ran.out) == expected


def test_search_shows_passages_and_scores(run: Run, tiny_index: Path) -> None:
    ran = run("search", "infusion once a week", "--count", "1", "--index", tiny_index)
    assert ran.code == 0
    assert "BM25" in ran.out
    assert "guides/giving" in ran.out
    assert "notes/half" not in ran.out


def test_search_as_json_quotes_its_documents(run: Run, tiny_index: Path, tiny_assistant: Assistant) -> None:
    found = json.loads(run("search", "infusion once a week", "--json", "--index", tiny_index).out)
    hits = tiny_assistant.search("infusion once a week", "staff", 5)
    assert [(one["document"], one["score"]) for one in found] == [(p.document, hit.score) for hit, p in hits]
    for one in found:
        text = tiny_assistant.generation.document(one["document"]).text
        assert one["quote"] == text[one["start"] : one["end"]]
        assert one["disclaimers"] == list(tiny_assistant.disclaimers(one["document"]))
    assert found[0]["provenance"]["title"] == "Giving temsirolimus"


def test_info_tells_what_the_generation_is_made_of(run: Run, tiny_index: Path) -> None:
    ran = run("info", "--index", tiny_index)
    assert (ran.code, ran.err) == (0, "")
    assert current_name(tiny_index) in ran.out
    assert "hash-encoder" in ran.out
    assert re.search(r"vendor note +1 *\n", ran.out)
    assert re.search(r"retracted +0 *\n", ran.out)


def test_info_as_json_is_the_manifest(run: Run, tiny_index: Path) -> None:
    told = json.loads(run("info", "--json", "--index", tiny_index).out)
    assert told.pop("generation") == current_name(tiny_index)
    assert Manifest.model_validate(told) == load_current(tiny_index).manifest


@pytest.mark.usefixtures("fake_encoder")
def test_index_builds_once(run: Run, tiny_corpus: Path, tmp_path: Path) -> None:
    first = run("index", "--corpus", tiny_corpus, "--index", "built")
    name = current_name(tmp_path / "built")
    assert (first.code, first.err) == (0, "")
    assert name in first.out
    assert "3 added, 0 changed, 0 deleted" in first.out
    again = run("index", "--corpus", tiny_corpus, "--index", "built")
    assert again == (0, f"up to date, generation {name[:8]}\n", "")


@pytest.mark.model
def test_index_builds_with_the_real_encoder(
    run: Run, monkeypatch: pytest.MonkeyPatch, tiny_corpus: Path, tmp_path: Path, sentence_encoder: SentenceEncoder
) -> None:
    monkeypatch.setattr("temsiqa.index.encode.SentenceEncoder", lambda model: sentence_encoder)
    ran = run("index", "--corpus", tiny_corpus, "--index", "built")
    assert ran.code == 0
    assert load_current(tmp_path / "built").manifest.recipe.weights == sentence_encoder.fingerprint


@pytest.mark.usefixtures("fake_encoder")
def test_index_says_what_was_new(run: Run, tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus")
    whole = json.loads(run("index", "--json").out)
    assert (whole["up_to_date"], whole["changes"]["encoded"]) == (False, whole["changes"]["texts"])
    (corpus / "reviews" / "mechanism.md").unlink()
    (corpus / "new.md").write_text("Temsirolimus is stored in the dark.\n", encoding="utf-8")
    (corpus / "photo.png").write_bytes(b"\x89PNG")
    ran = run("index", "--json")
    told = json.loads(ran.out)
    assert (ran.code, ran.err) == (0, "")
    assert (told["changes"]["added"], told["changes"]["deleted"]) == (["new.md", "photo.png"], ["reviews/mechanism.md"])
    assert 0 < told["changes"]["encoded"] < told["changes"]["texts"]
    assert (told["documents"], told["passed_over"]) == (3, ["photo.png"])
    again = json.loads(run("index", "--json").out)
    assert (again["up_to_date"], again["changes"]) == (True, None)
    assert again["generation"] == told["generation"] == current_name(tmp_path / "indexes")


@pytest.mark.usefixtures("fake_encoder")
def test_index_names_what_it_could_not_read(run: Run, tmp_path: Path) -> None:
    (write_corpus(tmp_path / "corpus") / "bad [red]\x1b.md").write_bytes(b"\xff\xfe\x00")
    ran = run("index")
    assert ran.code == 0
    assert "1, named above" in ran.out
    assert ran.err.startswith("not read: ")
    assert "bad [red]" in ran.err
    assert ran.err.count("\n") == 1
    assert "\x1b" not in ran.err
    assert run("index").err == ran.err


@pytest.mark.usefixtures("fake_encoder")
def test_a_strict_index_is_of_everything_or_not_at_all(run: Run, tmp_path: Path) -> None:
    (write_corpus(tmp_path / "corpus") / "bad.md").write_bytes(b"\xff\xfe\x00")
    assert_refused(run("index", "--strict"), "1 not read", "bad.md")
    assert not (tmp_path / "indexes" / "CURRENT").exists()
    assert run("index").code == 0
    ran = run("index", "--strict")
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    (tmp_path / "corpus" / "bad.md").unlink()
    assert run("index", "--strict").code == 0


def test_the_corpus_check_names_what_has_to_be_mended(run: Run, tmp_path: Path) -> None:
    write_corpus(tmp_path / "corpus")
    ran = run("corpus", "check")
    assert (ran.code, ran.out) == (1, "")
    assert "corpus/guides/giving.md:1: front matter: reviewed is missing" in ran.err
    listed = json.loads(run("corpus", "check", "--json").out)
    assert [f"corpus/{f['file']}:{f['line']}: {f['message']}" for f in listed] == ran.err.splitlines()


def test_a_sound_corpus_passes_the_check(run: Run) -> None:
    corpus = REPOSITORY / "corpus"
    assert run("corpus", "check", "--corpus", corpus) == (0, f"{corpus}: nothing to mend\n", "")
    assert run("corpus", "check", "--json", "--corpus", corpus) == (0, "[]\n", "")


def test_the_corpus_is_counted(run: Run, tiny_corpus: Path) -> None:
    ran = run("corpus", "stats", "--corpus", tiny_corpus)
    assert (ran.code, ran.err) == (0, "")
    assert re.search(r"guideline +1 documents, 0 sources cited", ran.out)
    told = json.loads(run("corpus", "stats", "--json", "--corpus", tiny_corpus).out)
    assert (told["documents"], told["documents_by_level"]["guideline"], told["pairs"]) == (3, 1, 0)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nothing"], ["nothing"]),
        (["ask"], ["question"]),
        (["ask", "x", "--colour"], ["--colour"]),
        (["ask", "x", "y"], ["y"]),
        (["ask", "x", "--audience", "doctor"], ["doctor", "patient", "staff", "researcher"]),
        (["search", "x", "--audience", ""], ["--audience"]),
        (["search", "x", "--count", "0"], ["--count"]),
        (["search", "x", "--count", "51"], ["--count"]),
        (["search", "x", "--count", "many"], ["--count"]),
        (["serve", "--port", "abc"], ["--port"]),
        (["batch", "questions.jsonl"], ["answers"]),
        (["--colour"], ["--colour"]),
        (["\x1b[31m[bold]x[/]\n"], ["[bold]x[/]"]),
    ],
)
def test_a_wrong_usage_is_one_line(run: Run, arguments: list[str], words: list[str]) -> None:
    assert_refused(run(*arguments), *words, "temsiqa --help", code=2)


@pytest.mark.parametrize(
    "command", [["ask", "x"], ["search", "x"], ["info"], ["serve", "--port", "0"]], ids=lambda c: c[0]
)
def test_a_missing_index_is_one_line(run: Run, command: list[str], tmp_path: Path) -> None:
    assert_refused(run(*command, "--index", "none"), "none", "temsiqa index")
    (tmp_path / "file").write_text("text", encoding="utf-8")
    assert_refused(run(*command, "--index", "file"), "file", "temsiqa index")
    assert_refused(run(*command, "--index", "\x1b[31m\nx\udcff"), "temsiqa index")


@pytest.mark.parametrize(
    "command", [["ask", "x"], ["search", "x"], ["info"], ["serve", "--port", "0"]], ids=lambda c: c[0]
)
def test_a_damaged_index_is_one_line(run: Run, command: list[str], tiny_index: Path, tmp_path: Path) -> None:
    shutil.copytree(tiny_index, tmp_path / "damaged")
    path = tmp_path / "damaged" / current_name(tiny_index) / "documents.json"
    path.write_bytes(path.read_bytes().replace(b"infusion", b"infusoin", 1))
    assert_refused(run(*command, "--index", "damaged"), "documents.json", "temsiqa index")


@pytest.mark.parametrize(
    ("files", "arguments", "words"),
    [
        ([], ["--corpus", "none"], ["none", "--corpus"]),
        (["file"], ["--corpus", "file"], ["file", "--corpus"]),
        (["empty/image.png"], ["--corpus", "empty"], ["empty", "no readable document"]),
        (["corpus/a.md", "file"], ["--index", "file"], ["file", "--index"]),
        (["corpus/a.md", "file"], ["--index", "file/index"], ["file", "--index"]),
    ],
    ids=["no corpus", "corpus is a file", "empty corpus", "index is a file", "index below a file"],
)
def test_what_cannot_be_built_is_one_line(
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
    hash_encoder: HashEncoder,
    tmp_path: Path,
    files: list[str],
    arguments: list[str],
    words: list[str],
) -> None:
    monkeypatch.setattr("temsiqa.index.encode.SentenceEncoder", lambda model: hash_encoder)
    for name in files:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("Temsirolimus is a drug.\n", encoding="utf-8")
    assert_refused(run("index", *arguments), *words)


@pytest.mark.parametrize("question", ["", "  ", "\x00", "?!", "\udcff"], ids=ascii)
def test_an_empty_question_is_one_line(run: Run, tiny_index: Path, question: str) -> None:
    assert_refused(run("ask", question, "--index", tiny_index), "question is empty")
    assert_refused(run("search", question, "--index", tiny_index), "question is empty")


def test_a_long_question_is_one_line(run: Run, tiny_index: Path) -> None:
    assert_refused(run("ask", "x" * 100_000, "--index", tiny_index), "100000 characters")


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "abc"), ("PORT", "65536"), ("HOST", ""), ("POLICY", "none.yaml"), ("POLICY", "bad.yaml")],
)
def test_a_bad_setting_is_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, tiny_index: Path, tmp_path: Path, name: str, value: str
) -> None:
    (tmp_path / "bad.yaml").write_text("version: [\n", encoding="utf-8")
    monkeypatch.setenv(f"TEMSIQA_{name}", value)
    assert_refused(run("ask", "half-life", "--index", tiny_index), name.lower())


@pytest.mark.parametrize("content", [b"colour = 1", b"port = ", b'"\\u001b[31m" = 1', b"\xff"], ids=ascii)
def test_a_bad_settings_file_is_one_line(run: Run, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "temsiqa.toml").write_bytes(content)
    assert_refused(run("info"), "temsiqa.toml")


def test_an_encoder_that_is_missing_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch, tiny_index: Path) -> None:
    monkeypatch.setattr("temsiqa.assistant.SentenceEncoder", SentenceEncoder)
    monkeypatch.setenv("TEMSIQA_ENCODER", "none")
    for command in (["ask", "x"], ["search", "x"], ["serve", "--port", "0"]):
        assert_refused(run(*command, "--index", tiny_index), "encoder 'none'")


def test_a_port_in_use_is_one_line(run: Run, tiny_index: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert_refused(run("serve", "--port", port, "--index", tiny_index), f"127.0.0.1:{port}", "--port")


@pytest.mark.parametrize(
    "host", ["256.256.256.256", "a" * 70, "\udcff", "a b", ":", "::1::", "192.0.2.1"], ids=lambda h: ascii(h[:20])
)
def test_a_bad_host_is_one_line(run: Run, tiny_index: Path, host: str) -> None:
    assert_refused(run("serve", "--host", host, "--port", "0", "--index", tiny_index), "host")


def test_batch_answers_the_good_lines_and_names_the_bad(run: Run, tiny_index: Path, tmp_path: Path) -> None:
    good = {"question": INFUSION_QUESTION}
    lines = [json.dumps({"id": 1, **good}), "", "{", "[bold red]x[/]", json.dumps({"id": "\u2028", **good})]
    (tmp_path / "q.jsonl").write_text("\n".join([*lines, '{"question": "\\u001b"}']), encoding="utf-8")
    ran = run("batch", "q.jsonl", "a.jsonl", "--index", tiny_index)
    answers = (tmp_path / "a.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n")
    assert ran.code == 1
    assert ran.out == ""
    assert [line.split(": ")[:3] for line in ran.err.splitlines()] == [
        ["temsiqa", "q.jsonl", f"line {number}"] for number in (3, 4, 6)
    ]
    assert [json.loads(answer)["id"] for answer in answers] == ["1", "\u2028"]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("begins", ["", "\ufeff"], ids=ascii)
def test_batch_reads_files_of_other_systems(run: Run, tiny_index: Path, tmp_path: Path, begins: str, ends: str) -> None:
    line = json.dumps({"id": "a", "question": "How is it\u2028\x85given?"}, ensure_ascii=False)
    (tmp_path / "q.jsonl").write_bytes((begins + (line + ends) * 2).encode())
    assert run("batch", "q.jsonl", "a.jsonl", "--index", tiny_index) == (0, "", "")
    assert len((tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()) == 2


def test_batch_of_no_questions_answers_none(run: Run, tiny_index: Path, tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text("\n \n", encoding="utf-8")
    assert run("batch", "q.jsonl", "a.jsonl", "--index", tiny_index) == (0, "", "")
    assert (tmp_path / "a.jsonl").read_bytes() == b""


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00", b'{"id": "\xe9"}', "{}".encode("utf-16")], ids=ascii)
def test_a_question_file_that_is_no_text_is_one_line(
    run: Run, tiny_index: Path, tmp_path: Path, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "q.jsonl").write_bytes(content)
    assert_refused(run("batch", "q.jsonl", "a.jsonl", "--index", tiny_index), "q.jsonl", "UTF-8")
    assert_refused(run("batch", tmp_path, "a.jsonl", "--index", tiny_index), "UTF-8")
    assert not (tmp_path / "a.jsonl").exists()


@pytest.mark.parametrize("answers", ["none/a.jsonl", ".", "q.jsonl/a.jsonl", "q.jsonl", "./q.jsonl", "/dev/full"])
def test_answers_that_cannot_be_written_are_one_line(run: Run, tiny_index: Path, tmp_path: Path, answers: str) -> None:
    line = json.dumps({"id": "a", "question": INFUSION_QUESTION}) + "\n"
    (tmp_path / "q.jsonl").write_text(line, encoding="utf-8")
    assert_refused(run("batch", "q.jsonl", answers, "--index", tiny_index), "name another file")
    assert (tmp_path / "q.jsonl").read_text(encoding="utf-8") == line


def test_a_missing_index_leaves_old_answers_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "q.jsonl").write_text("", encoding="utf-8")
    (tmp_path / "a.jsonl").write_text("old", encoding="utf-8")
    assert_refused(run("batch", "q.jsonl", "a.jsonl", "--index", "none"), "none")
    assert (tmp_path / "a.jsonl").read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize("command", [["ask"], ["ask", "--json"], ["search"]], ids=" ".join)
def test_markup_and_escapes_typed_are_text(run: Run, tiny_index: Path, command: list[str]) -> None:
    ran = (
        run(*command, MARKUP, "--history", MARKUP, "--index", tiny_index)
        if "ask" in command
        else run(*command, MARKUP, "--index", tiny_index)
    )
    assert (ran.code, ran.err) == (0, "")
    assert not {"\x1b", "\x07", "\x9b"} & set(ran.out)
    if "--json" in command:
        assert json.loads(ran.out)["question"].startswith("half-life [bold red]x[/] [link=http://a.example]y[/link]")


@pytest.fixture
def hostile(tmp_path: Path, hash_encoder: HashEncoder) -> Assistant:
    """An assistant over a document whose title, reference and name hold markup and escapes."""
    corpus = tmp_path / "hostile"
    corpus.mkdir()
    (corpus / "a [red]:bug:.md").write_text(
        '---\ntitle: "[bold]T[/] \\e]0;t\\a [/x]"\npublisher: "P"\ndisclaimers: ["[link=a]D[/link] \\e[31m"]\n'
        'references: [{marker: 1, text: "[red]R[/] \\u009b"}]\n---\n'
        "# Giving\n\nThe infusion of temsirolimus takes [green]30 minutes[/] [1].\n",
        encoding="utf-8",
    )
    build_index(tmp_path / "index", corpus, hash_encoder)
    return Assistant(load_current(tmp_path / "index"), hash_encoder, read_policy(None))


def test_markup_and_escapes_of_documents_are_text(hostile: Assistant) -> None:
    answer = hostile.answer(INFUSION_QUESTION)
    assert answer.citations
    terminal = Console(file=io.StringIO(), force_terminal=True, color_system=None, width=500)
    show_answer(terminal, answer)
    (document,) = hostile.generation.documents.values()
    show_documents(terminal, [document], 1)
    show_document(terminal, document, whole=True)
    show_inspection(terminal, Inspection(Path("\x1b[31m"), Format.MARKDOWN, None, (document,), ()))
    shown = terminal.file.getvalue()  # type: ignore[attr-defined]
    assert not {"\x1b", "\x07", "\x9b"} & set(shown)
    for literal in ("[bold]T[/]", "[/x]", "[link=a]D[/link]", "[red]R[/]", "a [red]:bug:.md"):
        assert literal in shown


@pytest.mark.model
def test_a_question_on_a_real_command_line(
    tmp_path: Path, tiny_corpus: Path, sentence_encoder: SentenceEncoder
) -> None:
    build_index(tmp_path, tiny_corpus, sentence_encoder)
    before = sorted(tmp_path.rglob("*"))
    ran = process("ask", INFUSION_QUESTION, "--json", "--index", ".", cwd=tmp_path)
    assert (ran.returncode, ran.stderr) == (0, "")
    answer = Assistant(load_current(tmp_path), sentence_encoder, read_policy(None)).answer(INFUSION_QUESTION)
    assert TypeAdapter(Answer).validate_json(ran.stdout) == answer
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["info", "--index", "none"], 1), (["ask", "x", "--colour"], 2), (["ask", "\udcff", "--index", "\udcff"], 1)],
    ids=ascii,
)
def test_an_error_on_a_real_command_line(tmp_path: Path, arguments: list[str], code: int) -> None:
    ran = process(*arguments, cwd=tmp_path, TEMSIQA_WEB="web")
    assert_refused(Ran(ran.returncode, ran.stdout, ran.stderr), code=code)
