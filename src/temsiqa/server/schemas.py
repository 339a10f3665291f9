"""What goes over HTTP besides the types of the model."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, field_validator

from temsiqa.model import Audience, Document, EvidenceLevel, Identifier


class Role(StrEnum):
    """Who wrote a message."""

    USER = "user"
    ASSISTANT = "assistant"


class ChatMessage(BaseModel):
    """One message of a conversation."""

    model_config = ConfigDict(extra="forbid")

    role: Role
    content: str


class ChatRequest(BaseModel):
    """A conversation, oldest message first; the last one is the question."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"messages": [{"role": "user", "content": "How is temsirolimus given?"}]}},
    )

    messages: list[ChatMessage] = Field(min_length=1, max_length=100)
    audience: Audience = Audience.PATIENT
    explain: bool = Field(default=False, description="Adds `explanation`: what went into every stage and came out.")

    @field_validator("messages")
    @classmethod
    def _ends_with_a_question(cls, messages: list[ChatMessage]) -> list[ChatMessage]:
        if messages[-1].role is not Role.USER:
            raise ValueError("the last message must be the user's question")
        return messages

    @property
    def question(self) -> str:
        """What is asked now."""
        return self.messages[-1].content

    @property
    def history(self) -> list[str]:
        """What the user asked before."""
        return [message.content for message in self.messages[:-1] if message.role is Role.USER]


class DocumentSummary(BaseModel):
    """One line of the list of documents; ``retracted`` says in words that and when the document was retracted."""

    id: str
    title: str
    evidence_level: EvidenceLevel
    publisher: str | None
    date: str | None
    licence: str | None
    identifiers: tuple[Identifier, ...]
    retracted: str | None
    characters: int
    references: int
    disclaimers: int

    @classmethod
    def of(cls, document: Document) -> DocumentSummary:
        """The summary of a document."""
        provenance = document.provenance
        return cls(
            id=document.id,
            title=provenance.title,
            evidence_level=provenance.evidence_level,
            publisher=provenance.publisher,
            date=provenance.date,
            licence=provenance.licence,
            identifiers=provenance.identifiers,
            retracted=provenance.retracted,
            characters=len(document.text),
            references=len(document.references),
            disclaimers=len(document.disclaimers),
        )


class Problem(BaseModel):
    """What went wrong with a request (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


class Health(BaseModel):
    """Whether the service runs, and which generation, policy and code answer; None where that was not asked."""

    status: str
    generation: str | None = None
    policy: str | None = None
    code: str | None = None
