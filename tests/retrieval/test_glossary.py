from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from support import REPOSITORY
from temsiqa.errors import SettingsError
from temsiqa.index.words import words
from temsiqa.retrieval.glossary import read_glossary
from temsiqa.settings import DEFAULT_GLOSSARY

LANGUAGES = ("de", "fr", "es", "it", "pt", "pl")
GLOSSARY = read_glossary(
    """
- {term: fatigue, meaning: Little strength., words: [tired, worn out], de: [müde], fr: [épuisé], pl: [zmęczony]}
- {term: high sugar, meaning: Too much glucose., literature: hyperglycemia, words: [sugar, blood sugar], es: [azúcar]}
""",
    "test.yaml",
)
SHIPPED = read_glossary(DEFAULT_GLOSSARY.read_text(encoding="utf-8"), "glossary.yaml")
QUESTIONS = yaml.safe_load(Path(__file__).with_name("glossary_questions.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("i am so tired", {"fatigue": range(3, 4)}),
        ("completely worn out today", {"fatigue": range(1, 3)}),
        ("my blood sugars are high", {"hyperglycemia": range(1, 3)}),
        ("sugar", {"hyperglycemia": range(1)}),
        ("fatigue and a high sugar", {"fatigue": range(1), "hyperglycemia": range(3, 5)}),
        ("tired and worn out", {"fatigue": range(1)}),
        ("hyperglycemia", {}),  # in the words of the literature already
        ("worn shoes", {}),
        ("", {}),
    ],
)
def test_phrases_are_found_by_their_stems_longest_first(said: str, meant: dict[str, range]) -> None:
    assert GLOSSARY.look_up(words(said)) == meant


@pytest.mark.parametrize(
    ("said", "term"),
    [
        ("ich bin müde", "fatigue"),
        ("ich bin mude", "fatigue"),
        ("ich bin muede", "fatigue"),
        ("je suis epuise", "fatigue"),
        ("jestem zmeczony", "fatigue"),
        ("mi azucar", "hyperglycemia"),
    ],
)
def test_other_languages_are_understood_with_and_without_accents(said: str, term: str) -> None:
    assert list(GLOSSARY.look_up(words(said))) == [term]


def test_every_word_of_an_entry_but_its_meaning_is_a_spelling_to_mend_towards() -> None:
    assert {"fatigue", "worn", "müde", "muede", "azúcar", "hyperglycemia"} <= GLOSSARY.spellings
    assert not {"strength", "glucose"} & GLOSSARY.spellings


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {term: a, meaning: m}", r"test\.yaml: entry 0\.words: Field required"),
        ("- {term: a, words: [b]}", r"entry 0\.meaning: Field required"),
        ("- {term: a, meaning: m, words: [b], wrods: [c]}", r"entry 0\.wrods"),
        ("- {term: a, meaning: m, words: b}", r"entry 0\.words"),
        ("- {term: a, meaning: m, words: [911]}", r"entry 0\.words\.0"),
        ("- {term: a, meaning: m, words: [' ']}", r"entry 0\.words\.0"),
        ("- {term: a, meaning: m, words: [b], literature: ''}", r"entry 0\.literature"),
        ("- {term: a, meaning: m, words: [b], nl: [c]}", r"entry 0\.nl"),
        ("just text", r"test\.yaml: entry"),
        ("- {term: [", r"test\.yaml: no plain YAML"),
        ("- !!python/object/apply:os.getcwd []", r"test\.yaml: no plain YAML"),
        ("- {term: a, meaning: m, words: [b c d e f]}", r"entry 'a': 'b c d e f' has 5 words; write 1 to 4"),
        ("- {term: a b c d e, meaning: m, words: [b]}", r"entry 'a b c d e': 'a b c d e' has 5 words"),
        ("- {term: a, meaning: m, words: ['?']}", r"entry 'a': '\?' has 0 words"),
    ],
)
def test_a_malformed_glossary_is_refused_by_entry(text: str, message: str) -> None:
    with pytest.raises(SettingsError, match=message) as caught:
        read_glossary(text, "test.yaml")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("first", "second", "phrase"),
    [
        ("words: [sugar]", "words: [sugars]", "sugars"),
        ("words: [rash]", "words: [x, one]", "one"),  # the headword of the first entry
        ("words: [mude]", "words: [x], de: [müde]", "müde"),
        ("words: [x], fr: [thé]", "words: [y], it: [the]", "the"),
    ],
)
def test_a_phrase_belongs_to_one_entry(first: str, second: str, phrase: str) -> None:
    text = f"- {{term: one, meaning: m, {first}}}\n- {{term: two, meaning: m, {second}}}\n"
    with pytest.raises(SettingsError, match=f"test.yaml: '{phrase}' belongs to entries 'one' and 'two'; leave it in"):
        read_glossary(text, "test.yaml")


def test_an_entry_may_say_the_same_phrase_twice() -> None:
    text = "- {term: infusion, meaning: m, words: [infusions], de: [infusion], fr: [infusion]}"
    assert list(read_glossary(text, "test.yaml").look_up(["infusion"])) == ["infusion"]


def test_terms_are_unique() -> None:
    text = "- {term: a, meaning: m, words: [b]}\n- {term: a, meaning: m, words: [c]}\n"
    with pytest.raises(SettingsError, match="'a' belongs to entries 'a' and 'a'"):
        read_glossary(text, "test.yaml")


def test_the_shipped_glossary_is_sound() -> None:
    text = DEFAULT_GLOSSARY.read_text(encoding="utf-8")
    entries = yaml.safe_load(text)
    assert len(entries) >= 360
    assert sum(all(entry.get(language) for language in LANGUAGES) for entry in entries) >= 270
    assert all(entry["meaning"].endswith(".") for entry in entries)
    assert not set(SHIPPED.terms) & {("author",), ("drug",), ("may",), ("cold",), ("es",), ("run",)}  # ordinary words


def test_the_shipped_glossary_is_the_one_of_the_corpus() -> None:
    assert DEFAULT_GLOSSARY.read_bytes() == (REPOSITORY / "corpus" / "glossary.yaml").read_bytes()


@pytest.mark.parametrize(
    ("said", "literature"),
    [
        ("is norvasc ok", "amlodipine"),
        ("i am on eliquis", "warfarin"),
        ("sporanox for my toenail", "itraconazole"),
        ("st johns wort tea", "St John's wort"),
        ("OS in the trial", "overall survival"),
        ("any dehp in the tubing", "DEHP"),
        ("czy moge pic wino", "alcohol"),
        ("j'ai la diarrhee", "diarrhea"),
        ("ich habe Uebelkeit", "nausea"),
        ("tengo vomitos", "nausea"),
    ],
)
def test_the_shipped_glossary_understands(said: str, literature: str) -> None:
    assert any(literature in term for term in SHIPPED.look_up(words(said)))


@pytest.mark.parametrize(
    ("asked", "reaches"),
    [
        pytest.param(question["asked"], question["reaches"], id=f"{language}: {question['asked']}")
        for language, questions in QUESTIONS.items()
        for question in questions
    ],
)
def test_questions_in_people_s_own_words_reach_the_literature(asked: str, reaches: str) -> None:
    assert any(reaches in term for term in SHIPPED.look_up(words(asked)))


# Words that look like one of the glossary in another language, or are one once accents are gone.
@pytest.mark.parametrize(
    ("said", "meant_by_another"),
    [
        ("os meus remédios", "overall survival"),
        ("os efeitos colaterais", "overall survival"),
        ("tenho dor", "response duration"),
        ("en cas de doute", "CAS no."),
        ("ich bin 70 Jahre alt", "liver"),
        ("ist das gut für mich", "nausea"),
        ("die Infusion", "survival"),
        ("ich und er", "bleeding"),
        ("fast immer", "food"),
        ("estoy tan mal", "sunlight"),
        ("una pregunta", "nail"),
        ("se puede", "serious"),
        ("dos veces", "back pain"),
        ("pelo fígado", "hair loss"),
        ("con acqua", "side effects"),
        ("ci sono rischi", "hazard"),
        ("per quanto tempo", "fever"),
        ("tout le temps", "fever"),
        ("ten lek", "depression"),
        ("ale jak", "supplements"),
        ("żeby zacząć", "surgery"),
        ("the male mice", "pain"),
        ("for three months", "menstruation"),
        ("i notice it more", "leaflet"),
        ("does it alter that", "older patients"),
        ("what kind of study", "children"),
        ("a lot of water", "travel"),
    ],
)
def test_the_shipped_glossary_knows_its_false_friends(said: str, meant_by_another: str) -> None:
    assert not any(meant_by_another in term for term in SHIPPED.look_up(words(said)))


def test_a_phrase_with_it_is_also_one_with_the_name_of_the_drug() -> None:
    glossary = read_glossary('- {term: mechanism, meaning: m, words: ["how does it work"]}', "g")
    assert glossary.look_up("how does torisel work".split()) == {"mechanism": range(4)}
    assert glossary.look_up("how does dialysis work".split()) == {}
