"""Which words name a drug: this one, or another."""

from __future__ import annotations

import re

THE_DRUG = frozenset({"temsirolimus", "torisel", "sirolimus", "rapamycin", "drug", "medicine", "medication"})
# Stems of international nonproprietary names (WHO, "The use of stems in the selection of INN", 2018).
_DRUG_NAME = re.compile(
    r"\w{2,}(?:mab|nib|ciclib|parib|zomib|lisib|limus|taxel|platin|rubicin|citabine|tecan|trexed|inostat|statin|azole|"
    r"mycin|cillin|floxacin|cycline|prazole|sartan|pril|dipine|olol|gliptin|gliflozin|glutide|formin|setron|tidine|"
    r"coxib|profen|oxetine|azepam|vir|caine|triptan|xaban|gatran|lidomide|lutamide)"
)


def is_drug_name(word: str) -> bool:
    """Whether a lower-case word is built like the name of a drug."""
    return bool(_DRUG_NAME.fullmatch(word))
