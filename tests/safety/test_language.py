from __future__ import annotations

import pytest

from temsiqa.safety.language import language_of


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("was passiert mit meinem Blutzucker", "de"),
        ("Darf ich damit Auto fahren?", "de"),
        ("est-ce que je peux boire du vin", "fr"),
        ("combien de temps dure la perfusion", "fr"),
        ("¿puedo tomar ibuprofeno?", "es"),
        ("cuánto dura el gotero", "es"),
        ("quanto dura la flebo", "it"),
        ("posso bere il pompelmo", "it"),
        ("posso beber sumo de toranja durante o tratamento, não há perigo?", "pt"),
        ("quais são os efeitos secundários", "pt"),
        ("czy mogę pić alkohol", "pl"),
        ("jak długo trwa wlew", "pl"),
    ],
)
def test_the_six_languages(message: str, language: str) -> None:
    assert language_of(message) == language


@pytest.mark.parametrize(
    "message",
    [
        "how long is the drip",
        "half-life",
        "PFS, OS in non-clear cell RCC",
        "MCL dose EU",
        "the drip went in my arm, now it's red",
        "what is in the vial",
        "",
        "25 mg?",
        "temsirolimus",
        "can come on the day of the scan or not",
        "est. time of infusion?",
    ],
)
def test_english_and_what_is_none(message: str) -> None:
    assert language_of(message) == "en"
