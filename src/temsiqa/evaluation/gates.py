"""Limits that a run has to keep, from options or a TOML file: may it go out?

[all.fail_over]            # limits of every set
forbidden_statements = 0
[product.fail_under]       # limits of the set product.jsonl, over all items or, behind an @, of one slice
passed = 0.75
"passed@type:table" = 0.5
[product.tolerance]        # how much worse than another run it may be
passed = 0.02
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from temsiqa.errors import EvaluationError
from temsiqa.evaluation.compare import Comparison
from temsiqa.evaluation.curves import WHOLE_MEASURES
from temsiqa.evaluation.measures import MEASURES, Better
from temsiqa.evaluation.runs import ALL, Run

# What may not get worse when nothing else is said: what is found, right, grounded and safe.
GUARDED = (
    "passed",
    "facts_stated",
    "recall_10",
    "citation_recall",
    "quotes_real",
    "records_sound",
    "disclaimers_present",
    "abstention_f1",
    "emergencies_recognised",
    "false_alarms",
    "forbidden_statements",
)
_EXACT = 1e-9  # sums of floats are no more exact than that


def _known(name: object) -> object:
    """Raises ``ValueError`` for what is no measure."""
    measure = str(name).partition("@")[0]
    if measure not in MEASURES and measure not in WHOLE_MEASURES:
        raise ValueError(f"{measure!r} is no measure; the measures are {', '.join((*MEASURES, *WHOLE_MEASURES))}")
    return name


def _better(measure: str) -> str:
    return (MEASURES.get(measure) or WHOLE_MEASURES[measure]).better


def _bounds_the_worse(table: str, wrong: Better) -> Callable[[str], str]:
    """Refuses measures of which only the good values would be stopped: such a gate is open where it should close."""

    def checked(name: str) -> str:
        measure = name.partition("@")[0]
        if _better(measure) == wrong:
            raise ValueError(f"{measure!r} is better the {wrong} it is; give its limit to {table}")
        return name

    return checked


_Name = Annotated[str, BeforeValidator(_known)]
_Low = Annotated[_Name, AfterValidator(_bounds_the_worse("fail_over", Better.LOWER))]
_High = Annotated[_Name, AfterValidator(_bounds_the_worse("fail_under", Better.HIGHER))]


class Gates(BaseModel):
    """Limits of one set; a name is that of a measure, or measure@slice."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    fail_under: dict[_Low, float] = Field(default_factory=dict)
    fail_over: dict[_High, float] = Field(default_factory=dict)
    tolerance: dict[_Name, float] = Field(default_factory=dict)

    def with_others(self, other: Gates) -> Gates:
        """These, and those of ``other``, which win where both speak."""
        return Gates(
            fail_under={**self.fail_under, **other.fail_under},
            fail_over={**self.fail_over, **other.fail_over},
            tolerance={**self.tolerance, **other.tolerance},
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """One limit, in words, and whether it was kept."""

    text: str
    kept: bool


_files = TypeAdapter(dict[str, Gates])


def read_gates(path: Path, test_set: str) -> Gates:
    """The limits of ``path`` for a set of that name.

    Raises ``EvaluationError`` naming the table and name at fault, or when there are none: a gate that is left open by a
    slip of the name is none.
    """
    try:
        tables = _files.validate_python(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"] if part != "[key]")
        raise EvaluationError(f"{path}: {place}: {first['msg'].removeprefix('Value error, ')}") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise EvaluationError(f"{path}: cannot be read as TOML ({reason}); mend or name another file") from error
    if test_set not in tables and set(tables) != {ALL}:
        raise EvaluationError(f"{path}: holds no limits for the set {test_set!r}; add [{test_set}.fail_under]")
    return tables.get(ALL, Gates()).with_others(tables.get(test_set, Gates()))


def limits(given: Mapping[str, float], *, of: str) -> Gates:
    """Limits from options; ``of`` is ``fail_under``, ``fail_over`` or ``tolerance``. Raises ``EvaluationError``."""
    try:
        return Gates.model_validate({of: dict(given)})
    except ValidationError as error:
        message = error.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")
        raise EvaluationError(f"--{of.replace('_', '-')}: {message}") from error


def verdicts(run: Run, gates: Gates, since: Comparison | None = None) -> tuple[Verdict, ...]:
    """Of each limit whether ``run`` keeps it; what was not measured keeps none.

    Tolerances are for ``since``, which compares ``run`` with an earlier one: every measure of ``GUARDED`` may be no
    worse, if nothing is tolerated, and no item may be missing.
    """
    return (*_bounds(run, gates), *(_no_worse(since, gates) if since else ()))


def _bounds(run: Run, gates: Gates) -> Iterator[Verdict]:
    for words, bounds, sign in (("at least", gates.fail_under, 1), ("at most", gates.fail_over, -1)):
        for name, bound in bounds.items():
            measure, _, part = name.partition("@")
            found = run.summary.get(part or ALL, {}).get(measure)
            value = found.value if found else None
            kept = value is not None and sign * (value - bound) >= -_EXACT
            shown = "not measured" if value is None else f"{value:.4g}"
            yield Verdict(f"{name} {shown}, has to be {words} {bound:g}", kept)


def _no_worse(since: Comparison, gates: Gates) -> Iterator[Verdict]:
    differences = since.differences
    yield Verdict(f"{since.left_out} items are not in both runs in the same words, has to be 0", not since.left_out)
    guarded = [name for name in GUARDED if name in differences[ALL]]
    for name, tolerance in {**dict.fromkeys(guarded, 0.0), **gates.tolerance}.items():
        measure, _, part = name.partition("@")
        found = differences.get(part or ALL, {}).get(measure)
        if found is None or found.value is None:
            yield Verdict(f"{name} not measured in both runs, may be {tolerance:g} worse", False)
            continue
        worse = found.value if _better(measure) == Better.LOWER else -found.value
        text = f"{name} {found.before:.4g} → {found.after:.4g}, may be {tolerance:g} worse"
        yield Verdict(text, worse <= tolerance + _EXACT)
