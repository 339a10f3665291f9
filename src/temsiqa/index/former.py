"""What a build may take over from the current generation: documents of unchanged files, their passages, and vectors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from temsiqa.errors import IndexFolderError
from temsiqa.index.encode import Vectors
from temsiqa.index.generation import FileEntry, load_current
from temsiqa.index.manifest import Recipe
from temsiqa.index.passages import in_context
from temsiqa.model import Document, Passage


@dataclass(frozen=True, slots=True)
class Former:
    """Nothing by default. ``known`` maps files to their fingerprint and documents, ``vectors`` texts to vectors."""

    files: Mapping[str, FileEntry] = field(default_factory=dict)
    known: Mapping[str, tuple[str, tuple[Document, ...]]] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    passages: Mapping[str, Sequence[Passage]] = field(default_factory=dict)
    vectors: Mapping[str, Vectors] = field(default_factory=dict)

    def passages_of(self, document: Document) -> Sequence[Passage] | None:
        """The passages of a document that is as it was, else None."""
        return self.passages.get(document.id, ()) if self.documents.get(document.id) == document else None


def former(index: Path, wanted: Recipe) -> Former:
    """What the current generation of ``index`` holds that one of the recipe ``wanted`` would make anew.

    Vectors are worth keeping while the encoder is the same, documents and passages while everything else is too.
    """
    try:
        generation = load_current(index)
    except IndexFolderError:
        return Former()
    recipe = generation.manifest.recipe
    if (recipe.encoder, recipe.weights) != (wanted.encoder, wanted.weights):
        return Former(generation.files)
    passages: dict[str, list[Passage]] = {}
    for passage in generation.passages:
        passages.setdefault(passage.document, []).append(passage)
    vectors = dict(zip(_texts(generation.passages), generation.passage_vectors.reconstruct_n(), strict=True))
    of_sentences = (in_context(generation.documents[p.document], p, i) for p in generation.passages for i in _count(p))
    vectors.update(zip(of_sentences, generation.sentence_vectors, strict=True))
    same = (recipe.format, recipe.software, recipe.books) == (wanted.format, wanted.software, wanted.books)
    if not same:
        return Former(generation.files, vectors=vectors)
    known = {
        name: (entry.fingerprint, tuple(generation.documents[document] for document in entry.documents))
        for name, entry in generation.files.items()
        if not entry.problems
    }
    return Former(generation.files, known, generation.documents, passages, vectors)


def _texts(passages: Iterable[Passage]) -> Iterable[str]:
    return (passage.text for passage in passages)


def _count(passage: Passage) -> range:
    return range(len(passage.sentences))
