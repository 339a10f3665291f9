"""``NAME.meta.yaml`` beside a file: what a person knows of a document that its file does not say, or says wrongly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePath

import yaml
from pydantic import ValidationError

from temsiqa.documents.outline import Outline
from temsiqa.documents.plain_yaml import plain_yaml
from temsiqa.documents.stated import Stated
from temsiqa.errors import DocumentError

SIDECAR = ".meta.yaml"
_LARGEST = 1_000_000
# What belongs to one document is not said of each of several; what only grows is not taken back.
_OF_ONE_DOCUMENT = frozenset({"title", "url", "identifiers", "references"})
_ADDED_UP = frozenset({"notes", "disclaimers", "references"})


def sidecar_names(name: str) -> tuple[str, str]:
    """The names that the sidecar of a file may have: ``paper.pdf.meta.yaml``, else ``paper.meta.yaml``."""
    return name + SIDECAR, PurePath(name).stem + SIDECAR


def sidecar_of(path: Path) -> Path | None:
    """The sidecar of a file, if it has one. A link is none: it could lead anywhere."""
    for candidate in map(path.with_name, sidecar_names(path.name)):
        try:
            if candidate.is_file() and not candidate.is_symlink():
                return candidate
        except OSError:  # a name that is too long, so no file has it
            continue
    return None


def read_sidecar(data: bytes, name: str) -> Stated:
    """What a sidecar states. Raises ``DocumentError`` when it is no plain YAML mapping or a field of it is unknown."""
    if len(data) > _LARGEST:
        raise DocumentError(f"{name}: larger than {_LARGEST // 1_000_000} MB; shorten it")
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


def of_several(sidecar: Stated) -> Stated:
    """What the sidecar of a file that holds several documents says of each of them."""
    fields = sidecar.model_fields_set - _OF_ONE_DOCUMENT
    return Stated.model_construct(fields, **{field: getattr(sidecar, field) for field in fields})


def with_sidecar(outline: Outline, sidecar: Stated) -> Outline:
    """``outline`` with what ``sidecar`` states in place of what the file says; notes and disclaimers add up.

    A field left empty says nothing. That a document was retracted can be stated, but no sidecar takes it back.
    """
    said = outline.stated
    stated = {field: value for field in sidecar.model_fields_set if (value := getattr(sidecar, field))}
    for field in _ADDED_UP & stated.keys():
        stated[field] = (*getattr(said, field), *stated[field])
    if "identifiers" in stated:
        stated["identifiers"] = {**said.identifiers, **stated["identifiers"]}
    if said.retracted:
        stated.pop("retracted", None)
    return replace(outline, stated=said.model_copy(update=stated))
