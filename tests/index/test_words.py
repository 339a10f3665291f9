"""What counts as the same word."""

from __future__ import annotations

import pytest

from temsiqa.index.words import STOP_WORDS, stem, terms, words


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("tumour", "tumor"),
        ("tumours", "tumor"),
        ("anaemia", "anemia"),
        ("oedema", "edema"),
        ("diarrhoea", "diarrhea"),
        ("leukaemia", "leukemia"),
        ("haemoglobin", "hemoglobin"),
        ("metabolised", "metabolized"),
        ("randomisation", "randomization"),
        ("labelled", "labeled"),
        ("sulphate", "sulfate"),
    ],
)
def test_british_and_american_spelling_are_one_term(british: str, american: str) -> None:
    assert terms(british) == terms(american)


@pytest.mark.parametrize(
    ("one", "other"), [("infusions", "infusion"), ("inhibits", "inhibited"), ("patient's", "patients")]
)
def test_word_forms_are_one_term(one: str, other: str) -> None:
    assert terms(one) == terms(other)


@pytest.mark.parametrize(
    ("with_accents", "without"),
    [
        ("müdigkeit", "mudigkeit"),
        ("diarrhée", "diarrhee"),
        ("náuseas", "nauseas"),
        ("gravità", "gravita"),
        ("infusão", "infusao"),
        ("ciąża", "ciaza"),
        ("działa", "dziala"),
        ("cœur", "coeur"),
        ("fuß", "fuss"),
        ("n\u0303", "ñ"),  # one letter as two characters and as one
        ("mg/m²", "mg/m2"),
    ],
)
def test_accents_make_no_difference(with_accents: str, without: str) -> None:
    assert terms(with_accents) == terms(without) != []


def test_short_for_adverse_events_is_no_plain_es() -> None:
    assert stem("aes") != stem("es")
    assert stem("aetiology") == stem("etiology")


@pytest.mark.parametrize(("one", "other"), [("sirolimus", "temsirolimus"), ("4t1", "4t2"), ("mtorc1", "mtorc2")])
def test_different_words_are_different_terms(one: str, other: str) -> None:
    assert terms(one) != terms(other)


def test_words_keep_compounds_whole() -> None:
    found = words("In 786-O cells, 4T1 and mg/kg; half-life (17.3 h).")
    assert found == ["in", "786-o", "cells", "4t1", "and", "mg/kg", "half-life", "17.3", "h"]


def test_a_compound_counts_whole_and_in_its_parts() -> None:
    assert terms("half-life") == [stem("half-life"), stem("half"), stem("life")]
    assert set(terms("mTOR-inhibitor")) >= {stem("mtor"), stem("inhibitor")}


def test_parts_of_a_compound_that_are_stop_words_do_not_count() -> None:
    assert terms("up-to-date") == [stem("up-to-date"), stem("date")]


def test_stop_words_are_left_out_but_for_none_that_carries_meaning() -> None:
    assert terms("What is the half of it?") == [stem("half")]
    assert terms("What's this? It's my own, doesn't it") == []
    assert terms("What’s this? It’s") == []
    assert {"no", "not"} <= STOP_WORDS
    assert not {"dose", "week", "safe", "day"} & STOP_WORDS


@pytest.mark.parametrize("text", ["", " \n\t", "...?!", "___", "—", "🙂"])
def test_text_without_words_has_no_terms(text: str) -> None:
    assert words(text) == []
    assert terms(text) == []


def test_words_of_any_script_are_words() -> None:
    assert words("Übelkeit, náuseas, тошнота") == ["übelkeit", "náuseas", "тошнота"]


def test_no_term_is_empty() -> None:
    assert all(terms("a'b ll's s's 's ae's ’s x' o''o l-l is-is"))
