"""The way of a question: it goes in here, and a cited answer with its disclaimers comes out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from temsiqa.answering.compose import compose
from temsiqa.answering.select import Selector
from temsiqa.errors import IndexFolderError
from temsiqa.index.encode import DEFAULT_ENCODER, Encoder, SentenceEncoder
from temsiqa.index.generation import Generation, current_name, load_current
from temsiqa.model import Answer, Audience, Hit, Passage
from temsiqa.question import check_history, check_question
from temsiqa.retrieval.retrieve import Retriever
from temsiqa.retrieval.understand import Understanding
from temsiqa.safety.disclaim import disclaim
from temsiqa.safety.policy import Policy, load_policy
from temsiqa.safety.triage import triage, without_instructions

PASSAGES_READ = 12
RELATED_SHOWN = 3


class Assistant:
    """Answers questions from one generation.

    >>> assistant = Assistant.open(Path("indexes"))  # doctest: +SKIP
    >>> assistant.answer("What is the half-life of temsirolimus?").text  # doctest: +SKIP
    'Parameter: Elimination Half-Life; Temsirolimus: 17.3 hours; Sirolimus (Metabolite): 54.6 hours'
    """

    def __init__(
        self,
        generation: Generation,
        encoder: Encoder,
        policy: Policy,
        index: Path | None = None,
        include_retracted: bool = False,
    ) -> None:
        """``index`` is the folder in which ``renewed`` looks for a newer generation.

        Raises ``IndexFolderError`` when the passages were encoded by another model than ``encoder``.
        """
        recipe = generation.manifest.recipe
        if (recipe.encoder, recipe.weights) != (encoder.name, encoder.fingerprint):
            raise IndexFolderError(
                f"generation {generation.name[:8]} was encoded by {recipe.encoder} {recipe.weights[:8]}, the encoder "
                f"here is {encoder.name} {encoder.fingerprint[:8]}; build again with: temsiqa index"
            )
        self.generation = generation
        self._encoder = encoder
        self._policy = policy
        self._index = index
        self._include_retracted = include_retracted
        self._understanding = Understanding(generation, encoder.vocabulary)
        self._retriever = Retriever(generation)
        self._selector = Selector(generation)

    @classmethod
    def open(
        cls, index: Path, model: str = DEFAULT_ENCODER, policy: Path | None = None, include_retracted: bool = False
    ) -> Assistant:
        """The assistant over the current generation of an index folder."""
        return cls(load_current(index), SentenceEncoder(model), load_policy(policy), index, include_retracted)

    def renewed(self) -> Assistant:
        """This assistant while its generation is current, else one over that which is; encoder and policy stay.

        Raises ``IndexFolderError`` when there is none to answer from.
        """
        if self._index is None or current_name(self._index) == self.generation.name:
            return self
        return Assistant(load_current(self._index), self._encoder, self._policy, self._index, self._include_retracted)

    def answer(self, question: str, history: Sequence[str] = (), audience: Audience | str = Audience.PATIENT) -> Answer:
        """The answer to ``question``, asked after the questions of ``history`` (oldest first).

        Raises ``QuestionError`` when nothing is asked or too much.
        """
        asked, before, reader = check_question(question), check_history(history), Audience(audience)
        flags = triage(asked, before, self._policy)
        query = self._understanding.understand(without_instructions(asked, self._policy), before)
        vector = self._encoder.encode([query.text])[0]
        hits = self._retriever.retrieve(query, vector, reader, PASSAGES_READ, self._include_retracted)
        selections = self._selector.select(query, vector, hits)
        related = self._selector.nearest(hits, RELATED_SHOWN)
        draft = compose(selections, related, flags, reader, self.generation, self._policy)
        return disclaim(draft, asked, reader, self.generation.name, self._policy)

    def disclaimers(self, document: str) -> tuple[str, ...]:
        """What must go with anything quoted from ``document``: the general disclaimers and its own."""
        own = (disclaimer.text for disclaimer in self.generation.document(document).disclaimers)
        return (*self._policy.disclaimers, *own)

    def search(
        self, question: str, audience: Audience | str = Audience.STAFF, count: int = 10
    ) -> tuple[tuple[Hit, Passage], ...]:
        """The best passages for ``question``, retracted ones too, without an answer. Raises ``QuestionError``."""
        query = self._understanding.understand(check_question(question), ())
        vector = self._encoder.encode([query.text])[0]
        hits = self._retriever.retrieve(query, vector, Audience(audience), count, retracted=True)
        return tuple((hit, self.generation.passages[hit.passage]) for hit in hits)
