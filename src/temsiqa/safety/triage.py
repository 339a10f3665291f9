"""What a message is before it is a question: an emergency, a reason to ring today, a decision for clinicians.

The whole raw message is looked at, instructions included; there is no wording that turns this off.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace

from temsiqa.model import Outcome, Triage
from temsiqa.safety.classifier import TriageClassifier
from temsiqa.safety.concepts import Hit
from temsiqa.safety.policy import INJECTION, Policy, Rule, Wording
from temsiqa.safety.presence import Degree, Presence, denied, standing
from temsiqa.safety.wording import Text, read

CLASSIFIER = "classifier"
"""What stands among the rules that fired when the classifier raised the outcome."""
_NEAR = 13
ORDER = (Outcome.URGENT, Outcome.CALL_TODAY, Outcome.REFERRED, None)
"""The outcomes that triage may force, gravest first."""


def triage(question: str, history: Sequence[str], policy: Policy) -> Triage:
    """The outcome that ``question`` forces, if any, and the ids of the rules that say so.

    ``history`` is what the person wrote before: "it got worse" is an emergency after a sign that already was one.
    Where no rule sees an emergency, the classifier is asked, if the policy has one.
    """
    found = _Findings(question, policy)
    seen = _by_rules(found, policy)
    if policy.classifier and seen.outcome is not Outcome.URGENT and policy.classifier.reads(question):
        seen = _with_second_opinion(seen, question, policy.classifier)
    if history and found.has("goes_on"):
        earlier = triage(history[-1], history[:-1], policy)
        if earlier.outcome is not Outcome.REFERRED and _is_graver(earlier.outcome, seen.outcome):
            return earlier
    return seen


def _by_rules(found: _Findings, policy: Policy) -> Triage:
    for outcome in ORDER:
        fired = tuple(r.id for r in policy.rules if r.outcome is outcome and found.holds(r))
        if fired:
            return Triage(outcome, fired)
    return Triage()


def _with_second_opinion(seen: Triage, message: str, classifier: TriageClassifier) -> Triage:
    """``seen``, raised where the classifier takes the message for graver than the rules do; it never lowers."""
    opinion = classifier.judge(message)
    outcome = classifier.thresholds.outcome(opinion)
    if _is_graver(outcome, seen.outcome):
        return Triage(outcome, (*seen.rules, CLASSIFIER), opinion)
    return replace(seen, opinion=opinion)


def _is_graver(one: Outcome | None, other: Outcome | None) -> bool:
    return ORDER.index(one) < ORDER.index(other)


class _Findings:
    """The concepts found in one message and how they stand to each other."""

    def __init__(self, message: str, policy: Policy) -> None:
        self._text = read(message, policy.speller)
        words = policy.lexicon.find(self._text.words)
        words.update(policy.readings.find(self._text, words))
        self._presence = Presence(self._text, words)
        self._raw: Mapping[str, list[Hit]] = words
        signs = {name: hits for name, hits in words.items() if name in policy.signs}
        negated = denied(self._text, words, [hit for hits in signs.values() for hit in hits])
        self._not_denied = {name: [hit for hit in hits if hit[0] not in negated] for name, hits in words.items()}
        idle = {k for start, end in standing(words, "idiom") for k in range(start, end)}
        self._signs = {
            name: [hit for hit in hits if hit[0] not in negated and idle.isdisjoint(range(*hit))]
            for name, hits in signs.items()
        }

    def has(self, concept: str) -> bool:
        """True when the concept is found at all."""
        return bool(self._raw.get(concept))

    def holds(self, rule: Rule) -> bool:
        """True when a wording of the rule is there, present, and nothing of its ``unless`` is."""
        decides = rule.outcome is Outcome.REFERRED
        said = any(self._written(w, self._raw) if decides else self._present(w, rule.what_if) for w in rule.wordings)
        return said and not any(self._written(w, self._not_denied) for w in rule.unless)

    def _written(self, wording: Wording, hits: Mapping[str, list[Hit]]) -> bool:
        """True when the wording stands in the message, whatever is said about it."""
        return self._complete(wording, hits) and all(_together(group, hits, self._text) for group in wording.groups)

    def _present(self, wording: Wording, what_if: bool) -> bool:
        """True when the wording is meant: one of its groups is present and the others are at least the topic."""
        if not self._complete(wording, self._signs):
            return False
        degrees = [
            max(
                (
                    self._presence.of(*span, named=wording.named, what_if=what_if)
                    for span in _together(group, self._signs, self._text)
                ),
                default=Degree.ABSENT,
            )
            for group in wording.groups
        ]
        return min(degrees) >= Degree.TOPIC and max(degrees) is Degree.PRESENT

    @staticmethod
    def _complete(wording: Wording, hits: Mapping[str, list[Hit]]) -> bool:
        return all(hits.get(name) for group in wording.groups for name in group)


def _together(group: tuple[str, ...], hits: Mapping[str, list[Hit]], text: Text) -> list[Hit]:
    """Where the concepts of a group stand near each other in one sentence, each on words of its own."""
    first, *rest = group
    spans = []
    for hit in hits[first]:
        parts = [hit]
        for name in rest:
            other = _nearest(hits[name], parts, text)
            if other is None:
                break
            parts.append(other)
        else:
            start, end = min(p[0] for p in parts), max(p[1] for p in parts)
            if end - start <= _NEAR + len(group):
                spans.append((start, end))
    return spans


def _nearest(hits: list[Hit], taken: list[Hit], text: Text) -> Hit | None:
    """The hit of the same sentence nearest to the first taken one that shares no word with any of them."""
    anchor = taken[0][0]
    at = bisect_left(hits, (anchor, 0))
    best: Hit | None = None
    for hit in hits[max(0, at - 4) : at + 4]:
        apart = all(hit[1] <= t[0] or hit[0] >= t[1] for t in taken)
        same = text.sentences[hit[0]] == text.sentences[anchor]
        if apart and same and (best is None or abs(hit[0] - anchor) < abs(best[0] - anchor)):
            best = hit
    return best


def without_instructions(question: str, policy: Policy) -> str:
    """The part of the message that asks something; '' when only instructions to the system are left.

    An instruction loses its clause, unless it only leads into a question: then it loses its own words.
    """
    text = read(question, policy.speller)
    hits = policy.lexicon.find(text.words)
    if not any(hits.get(kind) for kind in INJECTION):
        return question.strip()
    whole = {text.clauses[start] for start, _ in hits.get("instruction", ())}
    starts = {text.clauses[i]: i for i in range(len(text.words) - 1, -1, -1)}
    commands = {text.clauses[start] for start, _ in hits.get("command", ()) if starts[text.clauses[start]] == start}
    lead = {k for start, end in hits.get("instruction_start", ()) for k in range(start, end)}
    kept = [i for i, c in enumerate(text.clauses) if c not in whole and c not in commands and i not in lead]
    if not kept:
        return ""
    return _joined(question, text, kept)


def _joined(question: str, text: Text, kept: list[int]) -> str:
    """The kept words with what stands between neighbours, and the mark that ends the last one."""
    runs: list[list[int]] = []
    for i in kept:
        if runs and runs[-1][1] == i - 1:
            runs[-1][1] = i
        else:
            runs.append([i, i])
    pieces = []
    for first, last in runs:
        after = text.starts[last + 1] if last + 1 < len(text.starts) else len(question)
        pieces.append(question[text.starts[first] : after].strip(" ,;:\n"))
    return " ".join(p for p in pieces if p)
