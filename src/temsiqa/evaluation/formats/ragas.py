"""Records of RAGAS, with the names of its fields before and since version 0.2."""

from __future__ import annotations

from collections.abc import Set

from pydantic import AliasChoices, BaseModel, Field

from temsiqa.evaluation.testset import Id, Item

_MARKS = {
    "user_input",
    "reference",
    "reference_contexts",
    "retrieved_contexts",
    "ground_truth",
    "ground_truths",
    "contexts",
}


def is_ragas(fields: Set[str]) -> bool:
    """Whether a record with these fields is one of RAGAS."""
    return not _MARKS.isdisjoint(fields)


class Sample(BaseModel):
    """A question, what is true of it, and where that stands. What some system answered or retrieved is passed over."""

    id: Id | None = None
    question: str = Field(validation_alias=AliasChoices("user_input", "question"))
    reference: str | None = Field(None, validation_alias=AliasChoices("reference", "ground_truth"))
    ground_truths: list[str] = []
    reference_contexts: list[str] | None = None

    def item(self, number: int) -> Item:
        """The item; ``number`` is its id where it has none."""
        answers = [self.reference or "", *self.ground_truths]
        return Item(
            id=self.id or str(number),
            question=self.question,
            answers=tuple(dict.fromkeys(filter(None, answers))),
            passages=tuple(self.reference_contexts or ()),
        )
