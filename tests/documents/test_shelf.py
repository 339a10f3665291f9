"""Files that come into the corpus and leave it: whole, inside it, and never at the cost of another."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from temsiqa.documents.archive import LARGEST_FILE
from temsiqa.documents.corpus import read_corpus
from temsiqa.documents.read import read_file
from temsiqa.documents.shelf import Added, add_file, file_of, remove_files, with_sidecars
from temsiqa.documents.sidecar import read_sidecar
from temsiqa.documents.stated import Stated
from temsiqa.errors import CorpusError, DocumentError
from temsiqa.model import Document, EvidenceLevel

NOTHING = Stated()
TEXT = "# A trial\n\nTemsirolimus was given to twelve patients.\n"
RECORDS = "".join(f'{{"_id": "{n}", "title": "T", "text": "Temsirolimus was given to {n} mice."}}\n' for n in (1, 2))


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus of one document."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "old.md").write_text("# Old\n\nSirolimus is an older drug.\n", encoding="utf-8")
    return folder


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    """A file outside of the corpus."""
    path = tmp_path / "elsewhere" / "paper.md"
    path.parent.mkdir()
    path.write_text(TEXT, encoding="utf-8")
    return path


def add(corpus: Path, file: Path, to: str = "", stated: Stated = NOTHING, replace: bool = False) -> Added:
    """Adds ``file``, read in this process."""
    return add_file(corpus, file, to, stated, read_file, replace)


def tree(folder: Path) -> dict[str, bytes]:
    """Everything below ``folder``, hidden or not, by name; links and folders are empty."""
    return {
        path.relative_to(folder).as_posix(): b"" if path.is_symlink() or path.is_dir() else path.read_bytes()
        for path in folder.rglob("*")
    }


def assert_refused(corpus: Path, file: Path, *words: str, to: str = "", stated: Stated = NOTHING) -> None:
    """``file`` is refused in one line that holds ``words``, and the corpus stays as it was."""
    before = tree(corpus)
    with pytest.raises(CorpusError) as refused:
        add(corpus, file, to, stated)
    assert "\n" not in str(refused.value)
    assert all(word in str(refused.value) for word in words), str(refused.value)
    assert tree(corpus) == before


def test_a_file_is_copied_into_a_folder_of_the_corpus(corpus: Path, paper: Path) -> None:
    added = add(corpus, paper, to="trials/phase 2")
    assert added.file == "trials/phase 2/paper.md"
    assert [document.id for document in added.documents] == [added.file]
    assert tree(corpus).keys() == {"old.md", "trials", "trials/phase 2", "trials/phase 2/paper.md"}
    assert (corpus / added.file).read_bytes() == paper.read_bytes()
    assert added.documents[0] in read_corpus(corpus, read_file).documents


def test_what_is_stated_becomes_a_sidecar_that_is_read_with_it(corpus: Path, paper: Path) -> None:
    stated = Stated(
        title="Twelve patients", date="2015-04", evidence_level=EvidenceLevel.TRIAL, disclaimers=("Draft.",)
    )
    added = add(corpus, paper, stated=stated)
    provenance = added.documents[0].provenance
    assert (provenance.title, provenance.date, provenance.evidence_level) == ("Twelve patients", "2015-04", "trial")
    assert [disclaimer.text for disclaimer in added.documents[0].disclaimers] == ["Draft."]
    assert read_sidecar((corpus / "paper.md.meta.yaml").read_bytes(), "x") == stated
    assert added.documents[0] in read_corpus(corpus, read_file).documents


@pytest.mark.parametrize("name", ["paper.md.meta.yaml", "paper.meta.yaml"])
def test_a_sidecar_comes_along_and_what_is_stated_goes_on_top(corpus: Path, paper: Path, name: str) -> None:
    paper.with_name(name).write_text('publisher: "Ward"\ndate: "2014"\ndisclaimers: ["One."]\n', encoding="utf-8")
    provenance = add(corpus, paper).documents[0].provenance
    assert (provenance.publisher, provenance.date) == ("Ward", "2014")
    stated = Stated(date="2015", disclaimers=("Two.",))
    (again,) = add(corpus, paper, stated=stated, replace=True).documents
    assert (again.provenance.publisher, again.provenance.date) == ("Ward", "2015")
    assert [disclaimer.text for disclaimer in again.disclaimers] == ["One.", "Two."]


def test_what_a_person_wrote_beside_a_file_outlives_its_replacement(corpus: Path, paper: Path) -> None:
    add(corpus, paper, stated=Stated(disclaimers=("Only a draft.",)))
    paper.write_text(TEXT.replace("twelve", "thirteen"), encoding="utf-8")
    (document,) = add(corpus, paper, replace=True).documents
    assert "thirteen" in document.text
    assert [disclaimer.text for disclaimer in document.disclaimers] == ["Only a draft."]


def test_another_file_of_that_name_is_not_overwritten(corpus: Path, paper: Path) -> None:
    add(corpus, paper)
    paper.write_text(TEXT.replace("twelve", "thirteen"), encoding="utf-8")
    assert_refused(corpus, paper, "paper.md: lies in", "--replace")
    assert_refused(corpus, corpus / "old.md", "old.md: lies in", "--replace")


def test_a_link_of_that_name_is_neither_followed_nor_overwritten(corpus: Path, paper: Path, tmp_path: Path) -> None:
    (corpus / "paper.md").symlink_to(tmp_path / "outside.md")
    assert_refused(corpus, paper, "--replace")
    add(corpus, paper, replace=True)
    assert not (corpus / "paper.md").is_symlink()
    assert not (tmp_path / "outside.md").exists()


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("empty.md", b"", "no sentence"),
        ("broken.md", b"\xff\xfe\x00", "broken.md"),
        ("image.png", b"\x89PNG", "no format that is read here"),
        ("not.pdf", b"hello", "promises"),
        ("README.md", TEXT.encode(), "passed over"),
        (".hidden.md", TEXT.encode(), "passed over"),
        ("table.csv", b"a,b\n", "passed over"),
        ("paper.md.meta.yaml", b"title: T\n", "passed over"),
        ("a\x1b.md", TEXT.encode(), "name holds control characters"),
    ],
)
def test_what_would_not_become_literature_is_refused(
    corpus: Path, tmp_path: Path, name: str, content: bytes, word: str
) -> None:
    (tmp_path / name).write_bytes(content)
    assert_refused(corpus, tmp_path / name, word)


def test_what_is_no_file_is_refused(corpus: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "folder.md").mkdir()
    with (tmp_path / "huge.md").open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    assert_refused(corpus, tmp_path / "pipe.md", "no regular file")
    assert_refused(corpus, tmp_path / "folder.md", "no regular file")
    assert_refused(corpus, tmp_path / "huge.md", "larger than")
    assert_refused(corpus, tmp_path / "none.md", "none.md: cannot be added", "No such file")


@pytest.mark.parametrize("to", ["..", "a/..", "a/../..", "/elsewhere", "out"])
def test_no_folder_leads_out(corpus: Path, paper: Path, tmp_path: Path, to: str) -> None:
    (corpus / "out").symlink_to(tmp_path)
    assert_refused(corpus, paper, "leads out", "--to", to=to)


@pytest.mark.parametrize(
    ("to", "word"), [(".hidden", "passed over"), ("old.md", "as old.md/paper.md"), ("a\nb", "name holds")]
)
def test_a_folder_that_would_not_do_is_refused(corpus: Path, paper: Path, to: str, word: str) -> None:
    assert_refused(corpus, paper, word, to=to)


def test_a_corpus_that_is_not_there_is_not_made(paper: Path, tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="--corpus"):
        add(tmp_path / "none", paper)
    assert not (tmp_path / "none").exists()


def test_a_broken_sidecar_keeps_its_file_out(corpus: Path, paper: Path) -> None:
    paper.with_name("paper.md.meta.yaml").write_text("titel: T\n", encoding="utf-8")
    assert_refused(corpus, paper, "titel")
    assert_refused(corpus, paper, "titel", stated=Stated(date="2015"))


def test_one_title_is_not_given_to_many_documents(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "set.jsonl").write_text(RECORDS, encoding="utf-8")
    assert_refused(corpus, tmp_path / "set.jsonl", "--title", stated=Stated(title="T"))
    added = add(corpus, tmp_path / "set.jsonl", stated=Stated(publisher="P"))
    assert [document.provenance.publisher for document in added.documents] == ["P", "P"]


def test_a_bad_record_does_not_keep_the_others_out(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "set.jsonl").write_text(RECORDS + "{\n", encoding="utf-8")
    added = add(corpus, tmp_path / "set.jsonl")
    assert len(added.documents) == 2
    assert [str(problem).startswith("set.jsonl: record 3") for problem in added.problems] == [True]


def test_what_is_read_is_what_is_added(corpus: Path, paper: Path) -> None:
    def read(path: Path, name: str) -> Iterator[Document | DocumentError]:
        paper.write_text("Something else.", encoding="utf-8")
        return read_file(path, name)

    added = add_file(corpus, paper, "", NOTHING, read)
    assert "twelve" in added.documents[0].text
    assert (corpus / "paper.md").read_text(encoding="utf-8") == TEXT


def test_dying_while_adding_leaves_the_corpus_as_it_was(corpus: Path, paper: Path) -> None:
    def read(path: Path, name: str) -> Iterator[Document | DocumentError]:
        assert read_corpus(corpus, read_file).files.keys() == {"old.md"}
        raise KeyboardInterrupt

    before = tree(corpus)
    with pytest.raises(KeyboardInterrupt):
        add_file(corpus, paper, "new", NOTHING, read)
    assert tree(corpus) == before


def test_a_document_is_found_by_its_id(corpus: Path) -> None:
    (corpus / "sub").mkdir()
    (corpus / "sub" / "one.jsonl").write_text(RECORDS.split("\n")[0], encoding="utf-8")
    assert file_of(corpus, "old.md", read_file) == corpus / "old.md"
    assert file_of(corpus, "sub/one.jsonl/1", read_file) == corpus / "sub" / "one.jsonl"
    assert file_of(corpus, str(corpus / "old.md"), read_file) == corpus / "old.md"


def test_a_file_of_several_documents_goes_only_by_its_own_name(corpus: Path) -> None:
    (corpus / "set.jsonl").write_text(RECORDS, encoding="utf-8")
    with pytest.raises(DocumentError, match=r"one of the 2 documents of set\.jsonl"):
        file_of(corpus, "set.jsonl/1", read_file)
    with pytest.raises(DocumentError, match=r"set\.jsonl/3: not in set\.jsonl"):
        file_of(corpus, "set.jsonl/3", read_file)
    assert file_of(corpus, "set.jsonl", read_file) == corpus / "set.jsonl"


@pytest.mark.parametrize(
    "name",
    ["", ".", "..", "../elsewhere/paper.md", "none.md", "README.md", "old.md.meta.yaml", "link.md", "out/paper.md"],
)
def test_nothing_but_literature_inside_the_corpus_is_found(corpus: Path, paper: Path, name: str) -> None:
    (corpus / "README.md").write_text("# Read me", encoding="utf-8")
    (corpus / "old.md.meta.yaml").write_text("title: T", encoding="utf-8")
    (corpus / "link.md").symlink_to(paper)
    (corpus / "out").symlink_to(paper.parent)
    with pytest.raises(DocumentError, match="no document of"):
        file_of(corpus, name, read_file)
    with pytest.raises(DocumentError, match="no document of"):
        file_of(corpus, str(paper), read_file)


def test_sidecars_go_with_their_file_unless_they_speak_of_another(corpus: Path) -> None:
    for name in ("a.md", "a.txt", "a.meta.yaml", "a.md.meta.yaml", "b.md", "b.meta.yaml"):
        (corpus / name).write_text("title: T", encoding="utf-8")
    assert with_sidecars(corpus / "a.md") == (corpus / "a.md", corpus / "a.md.meta.yaml")
    assert with_sidecars(corpus / "b.md") == (corpus / "b.md", corpus / "b.meta.yaml")
    assert with_sidecars(corpus / "old.md") == (corpus / "old.md",)
    (corpus / "a.md").unlink()
    assert with_sidecars(corpus / "a.txt") == (corpus / "a.txt", corpus / "a.meta.yaml")


def test_files_are_removed(corpus: Path) -> None:
    (corpus / "old.meta.yaml").write_text("title: T", encoding="utf-8")
    remove_files((*with_sidecars(corpus / "old.md"), corpus / "gone.md"))
    assert tree(corpus) == {}
    (corpus / "folder").mkdir()
    with pytest.raises(CorpusError, match="folder: cannot be removed"):
        remove_files((corpus / "folder",))
