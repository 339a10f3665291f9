"""``NAME.meta.yaml`` beside a file: what a person knows of a document that its file does not say, or says wrongly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import yaml
from pydantic import ValidationError

from temsiqa.documents.outline import Outline
from temsiqa.documents.plain_yaml import plain_yaml
from temsiqa.documents.stated import Stated
from temsiqa.errors import DocumentError

SIDECAR = ".meta.yaml"
# What belongs to one document is not said of each of several in a file; what only grows is not taken back.
_OF_ONE_DOCUMENT = frozenset({"title", "url", "identifiers", "references"})
_ADDED_UP = frozenset({"notes", "disclaimers", "references"})


def sidecar_of(path: Path) -> Path | None:
    """The sidecar of a file, ``paper.pdf.meta.yaml`` or ``paper.meta.yaml``, if it has one."""
    for name in (path.name, path.stem):
        candidate = path.with_name(name + SIDECAR)
        if candidate.is_file():
            return candidate
    return None


def read_sidecar(data: bytes, name: str) -> Stated:
    """What a sidecar states. Raises ``DocumentError`` when it is no plain YAML mapping or a field of it is unknown."""
    try:
        found = plain_yaml(data.decode("utf-8-sig")) or {}
    except ValueError as error:
        raise DocumentError(f"{name}: no plain YAML ({error}); mend the file") from error
    if not isinstance(found, dict):
        raise DocumentError(f"{name}: a {type(found).__name__}, not key: value lines; mend the file")
    unknown = [key for key in found if key not in Stated.model_fields]
    if unknown:
        raise DocumentError(f"{name}: field {unknown[0]!r} is unknown; use {', '.join(Stated.model_fields)}")
    try:
        return Stated.model_validate(found)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in first["loc"])
        raise DocumentError(f"{name}: field {field!r}: {first['msg']}; mend that field") from error


def write_sidecar(stated: Stated, path: Path) -> None:
    """Writes what ``stated`` says, and no more, as a sidecar."""
    data = stated.model_dump(mode="json", exclude_defaults=True)
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")


def with_sidecar(outline: Outline, sidecar: Stated) -> Outline:
    """``outline`` with what ``sidecar`` states in place of what the file says; notes and disclaimers add up.

    That a document was retracted can be stated, but no sidecar takes it back.
    """
    said = outline.stated
    stated = {field: getattr(sidecar, field) for field in sidecar.model_fields_set}
    if outline.part:
        stated = {field: value for field, value in stated.items() if field not in _OF_ONE_DOCUMENT}
    for field in _ADDED_UP & stated.keys():
        stated[field] = (*getattr(said, field), *stated[field])
    if "identifiers" in stated:
        stated["identifiers"] = {**said.identifiers, **stated["identifiers"]}
    if said.retracted:
        stated.pop("retracted", None)
    return replace(outline, stated=said.model_copy(update=stated))
