"""The same inputs give the same generation, it holds what can be read, and it records what it was made from."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from index_support import ENCODER, NO_GLOSSARY, files_in, quick_build, quick_recipe, unfinished
from support import ANY_MODEL, REPOSITORY, build_index, no_progress, write_corpus
from temsiqa.documents.read import read_file
from temsiqa.errors import CorpusError, DocumentError, IndexFolderError, SettingsError
from temsiqa.index.build import Built, Inputs, Progress, build, is_current, recipe
from temsiqa.index.encode import DEFAULT_ENCODER, SentenceEncoder
from temsiqa.index.generation import CURRENT, current_name, load_current
from temsiqa.index.manifest import FORMAT_VERSION
from temsiqa.index.publish import LOCK
from temsiqa.model import Document
from temsiqa.settings import DEFAULT_GLOSSARY


def test_a_build_makes_its_generation_current(tmp_path: Path, corpus: Path) -> None:
    built = quick_build(tmp_path / "new" / "index", corpus)
    generation = load_current(tmp_path / "new" / "index")
    assert (generation.name, generation.manifest) == (built.generation, built.manifest)
    assert generation.manifest.recipe == quick_recipe(corpus)
    assert {p.name for p in (tmp_path / "new" / "index").iterdir()} == {CURRENT, LOCK, built.generation}


def test_a_generation_knows_the_files_of_its_documents(index: Path, corpus: Path) -> None:
    generation = load_current(index)
    assert {name: (entry.documents, entry.problems) for name, entry in generation.files.items()} == {
        name: ((name,), 0) for name in ("guides/giving.md", "notes/half-life.md", "reviews/mechanism.md")
    }
    assert len({entry.fingerprint for entry in generation.files.values()}) == 3


def test_progress_tells_of_every_file_and_text(tmp_path: Path, corpus: Path) -> None:
    told: list[tuple[str, int, int]] = []
    built = _build(tmp_path, Inputs(corpus, str(ANY_MODEL), NO_GLOSSARY), lambda *report: told.append(report))
    assert told[:3] == [("reading", number, 3) for number in (1, 2, 3)]
    assert told[-1] == ("encoding", built.changes.texts, built.changes.texts)


def _build(index: Path, inputs: Inputs, progress: Progress = no_progress) -> Built:
    names = {"encoder": ENCODER.name, "weights": ENCODER.fingerprint}
    wanted = recipe(inputs).model_copy(update=names)
    return build(index, inputs, wanted, ENCODER, read_file, progress, strict=False)


def test_what_cannot_be_read_is_recorded(tmp_path: Path, corpus: Path) -> None:
    (corpus / "broken.md").write_bytes(b"\xff\xfe")
    built = quick_build(tmp_path / "index", corpus)
    assert built.manifest.documents == 3
    assert len(built.manifest.problems) == 1
    assert built.manifest.problems[0].startswith("broken.md: ")
    entry = load_current(tmp_path / "index").files["broken.md"]
    assert (entry.documents, entry.problems) == ((), 1)


def test_a_file_whose_name_is_no_unicode_is_recorded(tmp_path: Path, corpus: Path) -> None:
    shutil.copy(corpus / "guides" / "giving.md", corpus / os.fsdecode(b"na\xefve.md"))
    built = quick_build(tmp_path / "index", corpus)
    assert built.manifest.documents == 3
    assert "rename the file" in built.manifest.problems[0]
    assert r"na\udcefve.md" in built.changes.added
    assert load_current(tmp_path / "index").files[r"na\udcefve.md"].problems == 1


def test_the_same_corpus_gives_the_same_generation(tmp_path: Path, corpus: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    assert quick_build(one, corpus) == quick_build(other, write_corpus(tmp_path / "copy"))
    assert files_in(one / current_name(one)) == files_in(other / current_name(other))


@pytest.mark.slow
def test_the_literature_gives_the_same_generation_twice(
    tmp_path: Path, corpus_index: Path, sentence_encoder: SentenceEncoder
) -> None:
    """In the same process; see ``test_lexical`` and ``test_kill`` for builds in processes of their own."""
    built = build_index(tmp_path, REPOSITORY / "corpus", sentence_encoder)
    assert built.generation == current_name(corpus_index)
    assert files_in(tmp_path / built.generation) == files_in(corpus_index / built.generation)


def test_recipe_names_everything_that_goes_in(tmp_path: Path, corpus: Path) -> None:
    inputs = Inputs(corpus, DEFAULT_ENCODER, DEFAULT_GLOSSARY)
    wanted = recipe(inputs)
    assert (wanted.format, wanted.encoder) == (FORMAT_VERSION, DEFAULT_ENCODER)
    assert [len(digest) for digest in (wanted.weights, wanted.corpus, wanted.glossary)] == [64, 64, 64]
    readers = {"lxml", "markdown-it-py", "pdfplumber", "pylatexenc", "python-docx", "sentencex"}
    assert set(wanted.software) >= {"temsiqa", "sentence-transformers", "torch", "PyStemmer", "bm25s", "faiss-cpu"}
    assert set(wanted.software) >= readers
    assert set(wanted.books) == {"sources", "retractions", "disputes", "premises"}
    assert wanted == recipe(inputs)


def test_an_index_is_current_until_an_input_changes(tmp_path: Path, index: Path, corpus: Path) -> None:
    assert is_current(index, quick_recipe(corpus))
    changed, added, renamed, removed, told, booked = (write_corpus(tmp_path / name) for name in "abcdef")
    with (changed / "guides" / "giving.md").open("a", encoding="utf-8") as file:
        file.write("!")
    shutil.copy(added / "guides" / "giving.md", added / "another.md")
    (renamed / "guides").rename(renamed / "other")
    (removed / "guides" / "giving.md").unlink()
    (told / "guides" / "giving.md.meta.yaml").write_text("date: '2020'\n", encoding="utf-8")
    (booked / "sources.yaml").write_text("{}\n", encoding="utf-8")
    for other in (changed, added, renamed, removed, told, booked):
        assert not is_current(index, quick_recipe(other))


def test_an_index_is_current_whatever_else_lies_in_the_corpus(index: Path, corpus: Path) -> None:
    for name in ("README.md", "queries.jsonl", ".hidden.md"):
        (corpus / name).write_text("text", encoding="utf-8")
    assert is_current(index, quick_recipe(corpus))


def test_an_index_that_lacks_something_is_not_current(index: Path, corpus: Path) -> None:
    """What could not be read for want of time or memory may be read with more."""
    (corpus / "broken.md").write_bytes(b"\xff\xfe")
    name = quick_build(index, corpus).generation
    assert not is_current(index, quick_recipe(corpus))
    assert quick_build(index, corpus).generation == name


def test_another_glossary_or_encoder_is_not_current(tmp_path: Path, index: Path, corpus: Path) -> None:
    glossary = tmp_path / "glossary.yaml"
    glossary.write_text("[]\n", encoding="utf-8")
    inputs = Inputs(corpus, str(ANY_MODEL), glossary)
    names = {"encoder": ENCODER.name, "weights": ENCODER.fingerprint}
    wanted = recipe(inputs).model_copy(update=names)
    assert is_current(index, wanted)
    glossary.write_text("[]\n# more\n", encoding="utf-8")
    assert not is_current(index, recipe(inputs).model_copy(update=names))
    for field, value in (("encoder", "other"), ("weights", "other"), ("format", 99), ("software", {}), ("books", {})):
        assert not is_current(index, wanted.model_copy(update={field: value}))


def test_a_damaged_index_is_not_current_and_is_mended_by_building(index: Path, corpus: Path) -> None:
    folder, wanted = index / current_name(index), quick_recipe(corpus)
    sound = files_in(folder)
    for path in [index / CURRENT, *(folder / name for name in sound)]:
        path.write_bytes(path.read_bytes()[:-1])
        assert not is_current(index, wanted)
        quick_build(index, corpus)
        assert is_current(index, wanted)
        assert files_in(folder) == sound
    for missing in (index / CURRENT, folder):
        shutil.rmtree(missing) if missing.is_dir() else missing.unlink()
        assert not is_current(index, wanted)
        quick_build(index, corpus)
        assert is_current(index, wanted)
    assert not is_current(index.parent / "nowhere", wanted)


def test_missing_inputs_are_named(tmp_path: Path, index: Path, corpus: Path) -> None:
    with pytest.raises(SettingsError, match=r"glossary\.yaml: glossary cannot be read"):
        recipe(Inputs(corpus, DEFAULT_ENCODER, tmp_path / "glossary.yaml"))
    with pytest.raises(CorpusError, match="no such folder"):
        recipe(Inputs(tmp_path / "nowhere", DEFAULT_ENCODER, DEFAULT_GLOSSARY))
    with pytest.raises(SettingsError, match="'nowhere'"):
        recipe(Inputs(corpus, "nowhere", DEFAULT_GLOSSARY))
    before = files_in(index)
    with pytest.raises(CorpusError, match=r"nowhere\.csv: cannot be read"):
        _build(index, Inputs(corpus, str(ANY_MODEL), NO_GLOSSARY, tmp_path / "nowhere.csv"))
    assert files_in(index) == before


def test_a_glossary_that_nothing_can_be_answered_with_is_refused(tmp_path: Path, corpus: Path) -> None:
    (tmp_path / "glossary.yaml").write_bytes(b"\xff")
    with pytest.raises(SettingsError, match="not UTF-8"):
        recipe(Inputs(corpus, DEFAULT_ENCODER, tmp_path / "glossary.yaml"))


def test_nothing_to_read_leaves_the_index_as_it_was(tmp_path: Path, index: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    before = files_in(index)
    with pytest.raises(CorpusError, match="holds no readable document"):
        quick_build(index, empty)
    assert files_in(index) == before
    assert not unfinished(index)


@pytest.mark.parametrize("changed", ["corpus", "books", "glossary", "encoder", "weights"])
def test_a_recipe_that_no_longer_holds_is_not_recorded(index: Path, corpus: Path, changed: str) -> None:
    """The corpus may change while the encoder is being loaded."""
    earlier = {"sources": "earlier"} if changed == "books" else "earlier"
    wanted, before = quick_recipe(corpus).model_copy(update={changed: earlier}), files_in(index)
    with pytest.raises(CorpusError, match=f": {changed} changed while the index was being built; build again"):
        build(index, Inputs(corpus, "", NO_GLOSSARY), wanted, ENCODER, read_file, no_progress, strict=False)
    assert files_in(index) == before
    assert not unfinished(index)


def test_a_file_that_changes_while_it_is_read_is_not_recorded(index: Path, corpus: Path) -> None:
    def read(path: Path, name: str) -> Iterable[Document | DocumentError]:
        yield from read_file(path, name)
        with path.open("a", encoding="utf-8") as file:
            file.write("\nOne more line.\n")

    (corpus / "storage.md").write_text("# Storage\n\nIt keeps in the cold.\n", encoding="utf-8")
    before = files_in(index)
    with pytest.raises(CorpusError, match="corpus changed while the index was being built"):
        build(index, Inputs(corpus, "", NO_GLOSSARY), quick_recipe(corpus), ENCODER, read, no_progress, strict=False)
    assert files_in(index) == before


RETRACTED = """---
title: "A trial of temsirolimus"
identifiers: {doi: 10.9999/trial}
references:
  - {marker: "1", text: "An earlier trial", doi: 10.9999/earlier}
---
# A trial of temsirolimus

The trial of temsirolimus was stopped early [1].
"""


def test_the_list_of_retractions_reaches_documents_and_their_references(tmp_path: Path, corpus: Path) -> None:
    index, notices = tmp_path / "index", tmp_path / "retractions.csv"
    inputs = Inputs(corpus, str(ANY_MODEL), NO_GLOSSARY, notices)
    (corpus / "trial.md").write_text(RETRACTED, encoding="utf-8")
    notices.write_text("doi,date\n10.9999/other,2020-01-01\n", encoding="utf-8")
    _build(index, inputs)
    assert _retracted(index) == (None, None)
    notices.write_text("doi,date\n10.9999/trial,2020-01-01\n10.9999/earlier,2019\nnone,2018\n", encoding="utf-8")
    built = _build(index, inputs)
    assert _retracted(index) == (
        "retracted on 2020-01-01 (list retractions.csv)",
        "retracted in 2019 (list retractions.csv)",
    )
    assert built.changes.encoded == 0
    assert [problem.partition(":")[0] for problem in built.manifest.problems] == ["retractions.csv"]
    (corpus / "storage.md").write_text("# Storage\n\nIt keeps in the cold.\n", encoding="utf-8")
    assert _build(index, inputs).changes.encoded == 2  # the passage under its title, and its only sentence
    assert None not in _retracted(index)
    notices.write_text("doi,date\n", encoding="utf-8")
    _build(index, inputs)
    assert _retracted(index) == (None, None)


def _retracted(index: Path) -> tuple[str | None, str | None]:
    document = load_current(index).documents["trial.md"]
    return document.provenance.retracted, document.references[0].retracted


def test_a_file_in_the_place_of_the_index_folder_is_named(tmp_path: Path, corpus: Path) -> None:
    (tmp_path / "file").write_text("", encoding="ascii")
    for place in (tmp_path / "file", tmp_path / "file" / "index"):
        with pytest.raises(IndexFolderError) as caught:
            quick_build(place, corpus)
        assert str(caught.value).startswith(f"{place}: cannot be written")


ENTRIES = {
    "disputes.yaml": """- id: half-life
  topic: How long it stays
  sides:
    - {document: notes/half-life.md, sentence: "The half-lives of temsirolimus and sirolimus differ."}
    - {document: reviews/mechanism.md, sentence: "Temsirolimus is converted to sirolimus."}
  better: 2
  why: A review weighs more.
""",
    "premises.yaml": """- id: daily
  assumes: It is given daily.
  mentions: [daily dose]
  document: guides/giving.md
  sentence: "Temsirolimus is given as an infusion once a week."
""",
}


@pytest.mark.parametrize("name", ENTRIES)
def test_disputes_and_premises_travel_with_the_literature(index: Path, corpus: Path, name: str) -> None:
    wanted = quick_recipe(corpus)
    (corpus / name).write_text(ENTRIES[name], encoding="utf-8")
    assert not is_current(index, quick_recipe(corpus))
    assert quick_recipe(corpus) != wanted
    quick_build(index, corpus)
    generation = load_current(index)
    ids = {
        "disputes.yaml": [dispute.id for dispute in generation.disputes],
        "premises.yaml": [premise.id for premise in generation.premises],
    }
    assert ids.pop(name) == [ENTRIES[name].split()[2]]
    assert [*ids.values()] == [[]]


@pytest.mark.parametrize("name", ENTRIES)
def test_disputes_and_premises_that_cannot_be_read_are_refused(index: Path, corpus: Path, name: str) -> None:
    before = files_in(index)
    (corpus / name).write_text("- {id: a}", encoding="utf-8")
    with pytest.raises(CorpusError, match=name):
        quick_build(index, corpus)
    assert files_in(index) == before
