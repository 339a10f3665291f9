"""YAML as data and nothing else: no objects, no aliases, one kind of error."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import TypeAdapter, ValidationError

from temsiqa.errors import CorpusError

# Beside its own errors PyYAML lets these through, for instance for ``!!int ""`` or ``!!timestamp x``.
_TROUBLE = (yaml.YAMLError, ValueError, LookupError, AttributeError, TypeError, OverflowError, RecursionError)

_Entries = TypeVar("_Entries")


class _Loader(yaml.SafeLoader):
    """Refuses aliases: nothing here needs them, and a few lines of them can grow into gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """The next node. Raises ``ComposerError`` for an alias."""
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(problem="aliases are not read")
        return super().compose_node(parent, index)

    def construct_yaml_int(self, node: yaml.ScalarNode) -> int:
        """An integer. Raises ``ValueError`` for one that Python would not write out again."""
        number = int(super().construct_yaml_int(node))
        str(number)
        return number


_Loader.add_constructor("tag:yaml.org,2002:int", _Loader.construct_yaml_int)


def plain_yaml(text: str) -> object:
    """What ``text`` holds. Raises ``ValueError`` with a short reason when it is no plain YAML."""
    try:
        loader = _Loader(text)
        return loader.get_single_data()
    except _TROUBLE as error:
        raise ValueError(getattr(error, "problem", None) or type(error).__name__) from error


def read_entries(path: Path, form: TypeAdapter[_Entries], empty: _Entries) -> _Entries:
    """The entries of a file that belongs to a corpus, ``empty`` when there is none. Raises ``CorpusError``."""
    if not path.is_file():
        return empty
    try:
        return form.validate_python(plain_yaml(path.read_text(encoding="utf-8")) or empty)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise CorpusError(f"{path}: {where}: {first['msg']}; mend that entry") from error
    except (OSError, ValueError) as error:
        raise CorpusError(f"{path}: no readable plain YAML; mend the file") from error
