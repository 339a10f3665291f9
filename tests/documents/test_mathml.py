from __future__ import annotations

import time

import pytest
from lxml import etree

from temsiqa.documents.mathml import mathml_text, tex_text


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        ("<mi>C</mi><mo>=</mo>\n <mn>2</mn>", "C=2"),
        ("<mfrac><mn>1</mn><mn>2</mn></mfrac>", "1/2"),
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></mfrac>", "(a+b)/2"),
        ("<mfrac><mn>2</mn><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow></mfrac>", "2/(a+b)"),
        ("<msup><mn>10</mn><mrow><mo>−</mo><mn>3</mn></mrow></msup>", "10⁻³"),
        ("<msup><mi>m</mi><mn>2</mn></msup>", "m2"),
        ("<msub><mtext>Cov</mtext><mtext>T</mtext></msub>", "CovT"),
        ("<msqrt><mi>a</mi><mo>+</mo><mi>b</mi></msqrt>", "√(a+b)"),
        ("<semantics><mi>a</mi><annotation>\\alpha</annotation></semantics>", "a"),
        ("<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr></mtable>", "1 2"),
        ("<mi>a</mi><mspace/><mi>b</mi>", "a b"),
        ("<mfrac><mi>a</mi></mfrac>", "a"),
        ("", ""),
    ],
)
def test_a_formula_on_one_line(formula: str, text: str) -> None:
    assert mathml_text(etree.fromstring(f"<math xmlns='http://www.w3.org/1998/Math/MathML'>{formula}</math>")) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("$\\alpha$", "α"),
        ("\\documentclass{minimal}\\begin{document}$$\\beta=2$$\\end{document}", "β=2"),
        ("\\frac{a", "\\frac{a"),
    ],
)
def test_tex_in_plain_characters(source: str, text: str) -> None:
    assert tex_text(source) == text


@pytest.mark.parametrize("source", ["{" * 2_900, "\\frac{" * 400, "\\begin{document}" * 50_000, "x" * 1_000_000])
def test_hostile_tex_takes_no_long_time(source: str) -> None:
    begun = time.process_time()
    tex_text(source)
    assert time.process_time() - begun < 5
