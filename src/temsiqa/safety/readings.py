"""Numbers that are signs by themselves: body temperatures and blood sugars.

A bare 39.1 is a temperature, 39.1 months is not: the word after the number and the words around it decide.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from temsiqa.safety.concepts import Hit
from temsiqa.safety.wording import Text

_NEAR = 6
_FAR = _NEAR + 1
_CELSIUS_MAX, _FAHRENHEIT_MAX, _MMOL_MAX, _MG_DL_MIN, _GRAM_MAX = 43.0, 109.0, 50.0, 100.0, 20.0
_MG_DL_IN_G_L = 100.0
_RANGE = frozenset({"and", "to"})
"""Between two numbers these make a range ("39.5 to 41 months"), else the message goes on ("39.5 and rising")."""


@dataclass(frozen=True, slots=True)
class Readings:
    """From which values on a reading counts. ``units`` are words that make a number something else."""

    fever_celsius: float
    fever_fahrenheit: float
    raised_celsius: float
    raised_fahrenheit: float
    glucose_high_mmol: float
    glucose_high_mg: float
    glucose_extreme_mmol: float
    glucose_extreme_mg: float
    celsius_words: frozenset[str]
    fahrenheit_words: frozenset[str]
    gram_words: frozenset[str]
    units: frozenset[str]

    def find(self, text: Text, hits: Mapping[str, Sequence[Hit]]) -> dict[str, list[Hit]]:
        """Findings named ``fever_reading``, ``raised_reading``, ``glucose_high`` and ``glucose_extreme``.

        ``hits`` of the concepts ``fever``, ``glucose`` and ``measured`` (a reading of either) say what a number is of.
        """
        fever, glucose, measured = (hits.get(name, ()) for name in ("fever", "glucose", "measured"))
        found: dict[str, list[Hit]] = {}
        for i, word in enumerate(text.words):
            if not _is_number(word):
                continue
            unit, after = (*text.words[i + 1 : i + 3], "", "")[:2]
            if unit in _RANGE and not _is_number(after):
                unit = ""
            to_fever, to_glucose = _distance(i, fever), _distance(i, glucose)
            if to_glucose < min(to_fever, _FAR) and unit not in self.celsius_words | self.fahrenheit_words:
                name = self._glucose(float(word), in_grams=unit in self.gram_words)
            else:
                near = min(to_fever, _distance(i, measured)) < _FAR
                name = self._temperature(word, unit, after, near)
            if name:
                found.setdefault(name, []).append((i, i + 1))
                if name == "glucose_extreme":
                    found.setdefault("glucose_high", []).append((i, i + 1))
        return found

    def _temperature(self, word: str, unit: str, after: str, near_fever: bool) -> str:
        value = float(word)
        fahrenheit = unit in self.fahrenheit_words or after in self.fahrenheit_words
        celsius = unit in self.celsius_words and not fahrenheit
        if unit in self.units and not near_fever:
            return ""
        if not (fahrenheit or celsius or near_fever or "." in word):
            return ""
        if not fahrenheit and self.raised_celsius <= value < _CELSIUS_MAX:
            return "fever_reading" if value >= self.fever_celsius else "raised_reading"
        if not celsius and self.raised_fahrenheit <= value < _FAHRENHEIT_MAX:
            return "fever_reading" if value >= self.fever_fahrenheit else "raised_reading"
        return ""

    def _glucose(self, value: float, *, in_grams: bool) -> str:
        if in_grams and value < _GRAM_MAX:  # g/l, as in France
            value *= _MG_DL_IN_G_L
        mmol = value < _MMOL_MAX and not in_grams
        if not mmol and value < _MG_DL_MIN:
            return ""
        if value >= (self.glucose_extreme_mmol if mmol else self.glucose_extreme_mg):
            return "glucose_extreme"
        return "glucose_high" if value >= (self.glucose_high_mmol if mmol else self.glucose_high_mg) else ""


def _is_number(word: str) -> bool:
    return word.replace(".", "", 1).isdecimal()


def _distance(i: int, hits: Sequence[Hit]) -> float:
    """Words from word ``i`` to the nearest hit; what stands before a number names it rather than what follows."""
    at = bisect_left(hits, (i, 0))
    beside = hits[max(0, at - 1) : at + 1]
    return min((i - start if start < i else end - i - 0.5 for start, end in beside), default=_FAR)
