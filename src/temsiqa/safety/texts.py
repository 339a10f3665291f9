"""The fixed texts of one answer, in the words for its reader and in the language of the question."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from temsiqa.model import Audience, Outcome
from temsiqa.safety.language import ENGLISH
from temsiqa.safety.policy import SELF_HARM, Policy

# What protects somebody is said in English too: a language may be mistaken.
_IN_BOTH = frozenset({"urgent", SELF_HARM, "call_today", "referred"})


@dataclass(frozen=True, slots=True)
class FixedTexts:
    """``language`` is a code of ISO 639-1; what the policy does not have in it is said in English."""

    policy: Policy
    audience: Audience
    language: str

    def say(self, kind: str, **values: object) -> str:
        """The text of ``kind`` with ``values`` in their places."""
        english = self.policy.message(kind, self.audience)
        translated = self.policy.translations.get(self.language, {}).get(kind)
        texts = [translated or english, *([english] if translated and kind in _IN_BOTH else [])]
        return "\n\n".join(text.format(**values) if values else text for text in texts)

    def notice(self, outcome: Outcome, rules: Iterable[str], quotes: bool, assumed: bool = False) -> str:
        """What is said first for ``outcome``; '' where nothing has to be. ``rules`` are those of triage that fired.

        Whoever asked in another language is told that ``quotes`` are English, and whoever ``assumed`` what the
        literature denies is told so.
        """
        kind = self.policy.notice_kind(outcome, rules)
        lines = [self.say(kind)] if kind else []
        if quotes and self.language != ENGLISH:
            lines.append(self.say("quoted"))
        if assumed:
            lines.append(self.say("assumed"))
        return "\n\n".join(lines)

    def disclaimers(self) -> tuple[str, ...]:
        """The general disclaimers, in English always, in the other language before that."""
        translated = self.policy.translations.get(self.language, {}).get("general")
        return (*([translated] if translated else []), *self.policy.disclaimers)
