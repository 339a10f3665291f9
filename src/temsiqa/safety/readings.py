"""Numbers that are signs by themselves: body temperatures and blood sugars.

A bare 39.1 is a temperature, 39.1 months is not: the word after the number and the words around it decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from temsiqa.safety.concepts import Hit
from temsiqa.safety.wording import Text

_NEAR = 6
_CELSIUS_MAX, _FAHRENHEIT_MAX, _MMOL_MAX, _MG_DL_MIN = 43.0, 109.0, 50.0, 100.0


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
    units: frozenset[str]

    def find(self, text: Text, fever_words: Sequence[Hit], glucose_words: Sequence[Hit]) -> dict[str, list[Hit]]:
        """Findings named ``fever_reading``, ``raised_reading``, ``glucose_high`` and ``glucose_extreme``."""
        found: dict[str, list[Hit]] = {}
        for i, word in enumerate(text.words):
            if not word.replace(".", "", 1).isdecimal():
                continue
            unit = text.words[i + 1] if i + 1 < len(text.words) else ""
            if _near(i, glucose_words):
                name = self._glucose(float(word))
            else:
                name = self._temperature(word, unit, text.words[i + 2 : i + 3], _near(i, fever_words))
            if name:
                found.setdefault(name, []).append((i, i + 1))
                if name == "glucose_extreme":
                    found.setdefault("glucose_high", []).append((i, i + 1))
        return found

    def _temperature(self, word: str, unit: str, after: Sequence[str], near_fever: bool) -> str:
        value = float(word)
        fahrenheit = unit in self.fahrenheit_words or any(w in self.fahrenheit_words for w in after)
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

    def _glucose(self, value: float) -> str:
        mmol = value < _MMOL_MAX
        if not mmol and value < _MG_DL_MIN:
            return ""
        if value >= (self.glucose_extreme_mmol if mmol else self.glucose_extreme_mg):
            return "glucose_extreme"
        return "glucose_high" if value >= (self.glucose_high_mmol if mmol else self.glucose_high_mg) else ""


def _near(i: int, hits: Sequence[Hit]) -> bool:
    return any(i - _NEAR <= start and end <= i + _NEAR + 1 for start, end in hits)
