"""The fingerprint of the code."""

from __future__ import annotations

from pathlib import Path

import pytest

from temsiqa import code


def test_it_is_one_hash_and_changes_with_any_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for text in ("a", "a", "b"):
        (tmp_path / "policy.yaml").write_text(text)
        monkeypatch.setattr(code, "__file__", str(tmp_path / "code.py"))
        code.code_fingerprint.cache_clear()
        found.append(code.code_fingerprint())
    code.code_fingerprint.cache_clear()
    assert found[0] == found[1] != found[2]
    assert len(found[0]) == 64
