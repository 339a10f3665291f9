"""The question sets, those kept beside the repository and its own, and the programs that come with the former."""

from __future__ import annotations

import gzip
import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

REPOSITORY = Path(__file__).parents[2]
CORPUS = REPOSITORY / "corpus"
OWN = REPOSITORY / "tests" / "quality" / "sets"
GATES = REPOSITORY / "tests" / "quality" / "gates.toml"

Questions = list[dict[str, Any]]


def read_lines(path: Path) -> Questions:
    """The objects of a file of JSON lines, gzip or not."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def load_scorer(sets: Path, name: str) -> ModuleType:
    """One of the scoring programs of ``sets``, by its name; it may import its neighbours."""
    tools = sets / "tools"
    sys.path.insert(0, str(tools))
    try:
        spec = importlib.util.spec_from_file_location(name, tools / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(tools))
    return module
