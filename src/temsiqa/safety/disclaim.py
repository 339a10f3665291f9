"""The last step: nothing leaves without its disclaimers."""

from __future__ import annotations

from temsiqa.answering.compose import Draft
from temsiqa.model import Answer, Disclaimer
from temsiqa.safety.texts import FixedTexts


def disclaim(draft: Draft, question: str, generation: str, texts: FixedTexts) -> Answer:
    """The answer: general disclaimers first, then those of every document it cites, each once."""
    cited = [c for statement in draft.statements for c in statement.citations]
    general = [Disclaimer(text) for text in texts.disclaimers()]
    carried = [disclaimer for citation in (*cited, *draft.related) for disclaimer in citation.disclaimers]
    return Answer(
        question=question,
        audience=texts.audience,
        outcome=draft.outcome,
        notice=draft.notice,
        statements=draft.statements,
        cautions=draft.cautions,
        related=draft.related,
        disclaimers=tuple(dict.fromkeys([*general, *carried])),
        generation=generation,
        policy=texts.policy.version,
    )
