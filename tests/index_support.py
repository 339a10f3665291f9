"""What tests of the index share: quick builds of a tiny corpus, and what lies in an index folder."""

from __future__ import annotations

from pathlib import Path

from support import HashEncoder, build_index, recipe_for
from temsiqa.index.build import Built
from temsiqa.index.encode import Encoder
from temsiqa.index.manifest import Recipe
from temsiqa.index.publish import LOCK, UNFINISHED

ENCODER = HashEncoder()
NO_GLOSSARY = Path(__file__).parent / "no-glossary.yaml"  # the one of the package takes half a second to read


def quick_build(index: Path, corpus: Path, encoder: Encoder = ENCODER) -> Built:
    """Builds ``corpus`` into ``index``, with an empty glossary."""
    return build_index(index, corpus, encoder, NO_GLOSSARY)


def quick_recipe(corpus: Path, encoder: Encoder = ENCODER) -> Recipe:
    """What ``quick_build`` builds from."""
    return recipe_for(corpus, encoder, NO_GLOSSARY)


def files_in(folder: Path) -> dict[str, bytes]:
    """Every file below ``folder`` but the lock, by its path."""
    paths = (p for p in folder.rglob("*") if p.is_file() and p.name != LOCK)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def unfinished(index: Path) -> list[Path]:
    """What a build has not finished, or has left behind."""
    return list(index.glob(f"{UNFINISHED}*"))
