"""What a build may take over from the current generation: documents of unchanged files, their passages, and vectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from temsiqa.errors import IndexFolderError
from temsiqa.index.encode import Vectors
from temsiqa.index.generation import FileEntry, Generation, load_current
from temsiqa.index.manifest import Recipe
from temsiqa.index.passages import sentences_in_context
from temsiqa.model import Document, Passage

# What a document is made with; another book leaves it as it is.
_BOOKS_OF_DOCUMENTS = ("sources", "retractions")


@dataclass(frozen=True, slots=True)
class Former:
    """Nothing by default.

    ``files`` are those of the former generation, whatever is taken over; ``known`` maps files that need not be read
    again to their fingerprint and documents, ``vectors`` texts to vectors of shape (dimension,).
    """

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

    Vectors while encoder and software are the same; documents and their passages while their books are the same too.
    A generation that is damaged, or none, gives nothing.
    """
    try:
        generation = load_current(index)
    except IndexFolderError:
        return Former()
    recipe = generation.manifest.recipe
    if (recipe.encoder, recipe.weights, recipe.software) != (wanted.encoder, wanted.weights, wanted.software):
        return Former(generation.files)
    if any(recipe.books.get(book) != wanted.books[book] for book in _BOOKS_OF_DOCUMENTS):
        return Former(generation.files, vectors=_vectors(generation))
    return Former(
        generation.files, _known(generation), generation.documents, _passages(generation), _vectors(generation)
    )


def _known(generation: Generation) -> dict[str, tuple[str, tuple[Document, ...]]]:
    """Files without a problem or a suspect: one may be gone, with more time to read the file, or with other labels."""
    suspects = generation.manifest.suspects.keys()
    return {
        name: (entry.fingerprint, tuple(generation.documents[document] for document in entry.documents))
        for name, entry in generation.files.items()
        if not entry.problems and suspects.isdisjoint(entry.documents)
    }


def _passages(generation: Generation) -> dict[str, list[Passage]]:
    passages: dict[str, list[Passage]] = {}
    for passage in generation.passages:
        passages.setdefault(passage.document, []).append(passage)
    return passages


def _vectors(generation: Generation) -> dict[str, Vectors]:
    texts = (passage.text for passage in generation.passages)
    of_passages = zip(texts, generation.passage_vectors.reconstruct_n(), strict=True)
    in_context = sentences_in_context(generation.documents, generation.passages)
    return dict(of_passages) | dict(zip(in_context, generation.sentence_vectors, strict=True))
