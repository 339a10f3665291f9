from __future__ import annotations

import pytest

from temsiqa.errors import SettingsError
from temsiqa.index.words import words
from temsiqa.retrieval.glossary import read_glossary
from temsiqa.settings import DEFAULT_GLOSSARY

GLOSSARY = read_glossary(
    """
- {term: fatigue, words: [tired, worn out, müde]}
- {term: hyperglycemia, words: [sugar, blood sugar]}
""",
    "test.yaml",
)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("i am so tired", {"fatigue": range(3, 4)}),
        ("completely worn out today", {"fatigue": range(1, 3)}),
        ("my blood sugars are high", {"hyperglycemia": range(1, 3)}),
        ("sugar", {"hyperglycemia": range(1)}),
        ("ich bin müde", {"fatigue": range(2, 3)}),
        ("tired and worn out", {"fatigue": range(1)}),
        ("worn shoes", {}),
        ("", {}),
    ],
)
def test_phrases_are_found_by_their_stems_longest_first(said: str, meant: dict[str, range]) -> None:
    assert GLOSSARY.look_up(words(said)) == meant


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {term: a}", r"test\.yaml: entry 0\.words: Field required"),
        ("- {term: a, words: [b], wrods: [c]}", r"entry 0\.wrods"),
        ("just text", r"test\.yaml: entry"),
        ("- {term: [", r"test\.yaml: no plain YAML"),
        ("- !!python/object/apply:os.getcwd []", r"test\.yaml: no plain YAML"),
    ],
)
def test_a_malformed_glossary_is_refused_by_entry(text: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        read_glossary(text, "test.yaml")


def test_the_shipped_glossary_is_sound() -> None:
    glossary = read_glossary(DEFAULT_GLOSSARY.read_text(encoding="utf-8"), "glossary.yaml")
    assert len(set(glossary.terms.values())) > 60
    assert all(term.strip() for term in glossary.terms.values())
