from __future__ import annotations

from pathlib import Path

import pytest

from support import HashEncoder, build_index
from temsiqa.index.generation import load_current
from temsiqa.index.words import stem
from temsiqa.retrieval.understand import Understanding


@pytest.fixture(scope="module")
def understanding(tiny_index: Path) -> Understanding:
    return Understanding(load_current(tiny_index), HashEncoder.vocabulary)


def test_slips_are_mended_for_retrieval(understanding: Understanding) -> None:
    query = understanding.understand("how long dose the infuson of temsirolmus take", ())
    assert "infusion of temsirolimus" in query.text
    assert query.question == "how long dose the infuson of temsirolmus take"


def test_everyday_words_add_the_terms_of_the_literature(understanding: Understanding) -> None:
    query = understanding.understand("spots from the drip", ())
    assert "rash" in query.terms
    assert "infus" in query.terms


def test_topics_without_a_word_in_the_literature_are_named(understanding: Understanding) -> None:
    assert understanding.understand("can it be removed by haemodialysis", ()).topics == ("dialysis",)
    assert understanding.understand("a glass of wine", ()).topics == ("alcohol",)
    assert understanding.understand("is it given as a drip", ()).topics == ()


@pytest.mark.parametrize(
    "drug", ["pembrolizumab", "sunitinib", "sorafenib", "pazopanib", "vorinostat", "voriconazole", "atorvastatin"]
)
def test_another_drug_is_told_by_the_stem_of_its_name(understanding: Understanding, drug: str) -> None:
    ((name, *_),) = understanding.understand(f"does {drug} cause a rash", ()).subjects
    assert name == stem(drug)


def test_the_drug_itself_and_its_metabolite_are_no_other_drug(understanding: Understanding) -> None:
    assert understanding.understand("do temsirolimus and sirolimus cause a rash", ()).subjects == ()


def test_an_answer_on_other_animals_has_to_speak_of_them(understanding: Understanding) -> None:
    ((name, *_),) = understanding.understand("half-life in dogs", ()).subjects
    assert name == "dog"
    assert understanding.understand("half-life in people", ()).subjects == ()


def test_an_unknown_name_must_be_spoken_of(understanding: Understanding) -> None:
    query = understanding.understand("does zorbliplex take long", ())
    assert query.names == ("zorbliplex",)
    assert query.subjects == (("zorbliplex",),)


@pytest.mark.parametrize("word", ["handover", "vesicular", "boffins", "fortnight"])
def test_a_word_of_the_dictionary_is_no_slip_and_no_name(understanding: Understanding, word: str) -> None:
    query = understanding.understand(f"does the {word} cause a rash", ())
    assert word in query.words
    assert (query.names, query.subjects) == ((), ())


@pytest.mark.parametrize("typed", ["thats", "isnt", "arent", "shouldnt", "theyre", "youll", "whatre", "weve"])
def test_a_contraction_without_its_apostrophe_is_no_name_and_no_slip(understanding: Understanding, typed: str) -> None:
    query = understanding.understand(f"the rash {typed} common", ())
    assert typed in query.words
    assert (query.names, query.subjects) == ((), ())
    assert stem(typed) not in query.asked


def test_a_code_must_be_spoken_of_whatever_the_language(understanding: Understanding) -> None:
    for code in ("zxq50", "z549", "zx-3"):
        assert understanding.understand(f"{code} rash", ()).subjects == ((code,),)
    for figure in ("25mg", "phase-2", "day-1", "g1", "2nd"):
        assert understanding.understand(f"rash {figure}", ()).subjects == ()


@pytest.mark.parametrize(
    "question",
    [
        "does the weekprice take long",  # built from ordinary words
        "does the frobnicated one take long",  # with an ordinary ending
        "does it frobnify the rash",
        "zorbliplex weather price",  # nothing says that it is English
    ],
)
def test_an_unknown_word_that_looks_like_no_name_is_let_pass(understanding: Understanding, question: str) -> None:
    query = understanding.understand(question, ())
    assert query.names
    assert query.subjects == ()


def test_a_question_that_names_a_publisher_names_its_document(understanding: Understanding) -> None:
    assert understanding.understand("what does Handbook say on the rash", ()).sources == ("guides/giving.md",)
    assert understanding.understand("what is the rash", ()).sources == ()


@pytest.mark.parametrize(
    "question",
    ["and how long?", "so how often", "was it toxic in them?", "which one is longer", "how long", "is it common?"],
)
def test_follow_ups_lean_on_the_last_question(understanding: Understanding, question: str) -> None:
    query = understanding.understand(question, ("what is a rash", "tell me of the infusion of temsirolimus"))
    assert query.text.startswith("tell me of the infusion of temsirolimus")
    assert "infus" in query.terms
    assert "infus" not in query.asked
    assert "rash" not in query.terms


@pytest.mark.parametrize(
    "question", ["which side effects does temsirolimus cause most", "lips and tongue puffing up badly"]
)
def test_whole_questions_stand_alone(understanding: Understanding, question: str) -> None:
    assert "infus" not in understanding.understand(question, ("tell me of the infusion",)).terms


def test_without_history_nothing_is_leant_on(understanding: Understanding) -> None:
    assert understanding.understand("and how long?", ()).text == "and how long"


@pytest.mark.parametrize(
    ("story", "left"),
    [
        ("im so tired since the drip", "im so tired"),
        ("a rash ever since I started my first infusion", "a rash"),
        ("I throw up after every treatment day", "i throw up"),
        ("a rash after my dose, is that common", "a rash is that common"),
    ],
)
def test_what_a_trouble_came_after_is_left_out(understanding: Understanding, story: str, left: str) -> None:
    assert understanding.understand(story, ()).text.startswith(left)


@pytest.mark.parametrize(
    "question", ["what happens after the infusion", "how long after the dose", "since the drip, me"]
)
def test_what_is_asked_about_stays(understanding: Understanding, question: str) -> None:
    text = understanding.understand(question, ()).text
    assert any(word in text for word in ("infusion", "dose", "drip"))


def test_texts_on_other_things_keep_everyday_words_as_they_are(tmp_path: Path, hash_encoder: HashEncoder) -> None:
    (tmp_path / "mice.md").write_text("# Mice\n\nThe drip and the infusion of saline gave mice spots.\n", "utf-8")
    build_index(tmp_path / "index", tmp_path, hash_encoder)
    query = Understanding(load_current(tmp_path / "index"), hash_encoder.vocabulary).understand(
        "spots from the drip", ()
    )
    assert query.text == "spots from the drip"
    assert query.terms == ("spot", "drip")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("what is mTPR", "what is mtpr"),  # nobody slips into a capital
        ("what is mtpr", "what is mtor"),
        ("is RASG common", "is rasg common"),
        ("IS RASG COMMON", "is rash common"),  # but people shout
        ("the INFUSOIN is long", "the infusion is long"),
        ("inhibitings", "inhibitings"),  # the literature has "inhibits"
        ("inhibbits", "inhibits"),
    ],
)
def test_abbreviations_and_known_stems_are_left_alone(understanding: Understanding, typed: str, meant: str) -> None:
    assert " ".join(understanding.understand(typed, ()).words) == meant
