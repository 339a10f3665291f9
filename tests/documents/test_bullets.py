from __future__ import annotations

import pytest

from temsiqa.documents.bullets import without_bullet


@pytest.mark.parametrize("line", ["• rash", "-  rash", "–\trash", "·\u00a0rash"])
def test_typed_bullets(line: str) -> None:
    assert without_bullet(line) == "rash"


@pytest.mark.parametrize("line", ["rash", "-5 °C", "• ", "", "a • b", "->"])
def test_other_lines(line: str) -> None:
    assert without_bullet(line) is None
