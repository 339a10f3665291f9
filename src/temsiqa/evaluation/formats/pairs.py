"""Questions with one answer each, as in MedQuAD and MedicationQA, under the names that these columns go by."""

from __future__ import annotations

from collections.abc import Set
from typing import Any

from pydantic import AliasChoices, BaseModel, Field, model_validator

from temsiqa.evaluation.testset import Id, Item


def is_pair(fields: Set[str]) -> bool:
    """Whether a record with these fields is a pair."""
    return {"question", "answer"} <= {str(field).casefold() for field in fields}


class Pair(BaseModel):
    """A question and its answer. What is to become of the question is not said."""

    id: Id | None = None
    question: str
    answer: str
    type: str | None = Field(None, validation_alias=AliasChoices("type", "qtype", "question_type", "question type"))
    drug: str | None = Field(None, validation_alias=AliasChoices("drug", "focus (drug)"))
    focus: str | None = Field(None, validation_alias=AliasChoices("focus", "focus_area", "question_focus"))

    @model_validator(mode="before")
    @classmethod
    def _case_does_not_matter(cls, value: dict[Any, Any]) -> dict[str, Any]:
        return {str(name).casefold(): content for name, content in value.items()}

    def item(self, number: int) -> Item:
        """The item; ``number`` is its id where it has none."""
        named = {"type": self.type, "drug": self.drug, "focus": self.focus}
        return Item(
            id=self.id or str(number),
            question=self.question,
            answers=(self.answer,),
            slices=tuple(f"{name}:{value}" for name, value in named.items() if value),
        )
