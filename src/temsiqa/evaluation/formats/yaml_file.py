"""YAML: a list of records, alone or under ``items``."""

from __future__ import annotations

import yaml

from temsiqa.documents.plain_yaml import plain_yaml
from temsiqa.evaluation.formats.record import Found, UnreadableError, at_line, record

_ITEMS = "items"


def read_yaml(text: str, name: str) -> Found:
    """The records of ``text``. Raises ``UnreadableError`` when it is no plain YAML, or no list."""
    try:
        value = plain_yaml(text)
    except ValueError as error:
        mark = getattr(error.__cause__, "problem_mark", None)
        where = at_line(name, mark.line + 1) if mark else name
        raise UnreadableError(where, f"no plain YAML ({error}); mend it") from error
    node = yaml.compose(text, Loader=yaml.SafeLoader)  # once more, for the lines: the values do not know theirs
    if isinstance(value, dict) and _ITEMS in value and isinstance(node, yaml.MappingNode):
        value, node = value.get(_ITEMS), _under_items(node)
    if value is None:
        return
    if not isinstance(value, list) or not isinstance(node, yaml.SequenceNode):
        raise UnreadableError(name, f"no list of items; begin each with a dash, alone or under {_ITEMS}:")
    for element, child in zip(value, node.value, strict=True):
        yield record(at_line(name, child.start_mark.line + 1), element)


def _under_items(node: yaml.MappingNode) -> yaml.Node | None:
    """What stands under ``items``; of several the last, as everywhere in YAML here."""
    return next((value for key, value in reversed(node.value) if key.value == _ITEMS), None)
