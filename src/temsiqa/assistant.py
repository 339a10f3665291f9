"""The way of a question: it goes in here, and a cited answer with its disclaimers comes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from temsiqa.answering.compose import compose
from temsiqa.answering.cross_encoder import CrossEncoder
from temsiqa.answering.disagree import Disagreements
from temsiqa.answering.premises import Premises
from temsiqa.answering.select import Selector
from temsiqa.answering.sources import Sources, asks_for_reference, without_asking_for_reference
from temsiqa.answering.whereabouts import Whereabouts
from temsiqa.errors import IndexFolderError
from temsiqa.index.encode import Encoder, SentenceEncoder, Vectors
from temsiqa.index.generation import Generation, current_name, load_current, load_named
from temsiqa.model import Answer, Audience, Hit, Passage, Query
from temsiqa.question import check_history, check_question
from temsiqa.retrieval.parts import parts
from temsiqa.retrieval.retrieve import Retriever
from temsiqa.retrieval.understand import Understanding
from temsiqa.safety.disclaim import disclaim
from temsiqa.safety.language import language_of
from temsiqa.safety.policy import Policy, load_policy
from temsiqa.safety.texts import FixedTexts
from temsiqa.safety.triage import triage, without_instructions
from temsiqa.settings import Settings
from temsiqa.walk import Step, Walk

PASSAGES_READ = 12


class Assistant:
    """Answers questions from one generation.

    >>> assistant = Assistant.open(Settings())  # doctest: +SKIP
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
        cross_encoder: CrossEncoder | None = None,
    ) -> None:
        """``index`` is the folder in which ``renewed`` looks for a newer generation.

        With ``cross_encoder`` the best candidates are read together with the question.

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
        self.policy = policy
        self._index = index
        self._include_retracted = include_retracted
        self._cross_encoder = cross_encoder
        self._understanding = Understanding(generation, encoder.vocabulary)
        self._retriever = Retriever(generation)
        self._sources = Sources(generation)
        self._selector = Selector(generation, cross_encoder)
        self._whereabouts = Whereabouts(generation)
        self._disagreements = Disagreements(generation, self._whereabouts)
        self._premises = Premises(generation, self._whereabouts)

    @classmethod
    def open(cls, settings: Settings, generation: str | None = None) -> Assistant:
        """The assistant over the index folder of ``settings``: over its current generation, or the one of that name."""
        return cls(
            load_named(settings.index, generation) if generation else load_current(settings.index),
            SentenceEncoder(settings.encoder),
            load_policy(settings.policy),
            settings.index,
            settings.include_retracted,
            CrossEncoder() if settings.cross_encoder else None,
        )

    def renewed(self) -> Assistant:
        """This assistant while its generation is current, else one over that which is; encoder and policy stay.

        Raises ``IndexFolderError`` when there is none to answer from.
        """
        if self._index is None or current_name(self._index) == self.generation.name:
            return self
        newest = load_current(self._index)
        return Assistant(newest, self._encoder, self.policy, self._index, self._include_retracted, self._cross_encoder)

    def answer(self, question: str, history: Sequence[str] = (), audience: Audience | str = Audience.PATIENT) -> Answer:
        """The answer to ``question``, asked after the questions of ``history`` (oldest first).

        Raises ``QuestionError`` when nothing is asked or too much.
        """
        return self.walk(question, history, audience).answer

    def walk(self, question: str, history: Sequence[str] = (), audience: Audience | str = Audience.PATIENT) -> Walk:
        """As ``answer``, with everything that led to it."""
        asked, before, reader = check_question(question), check_history(history), Audience(audience)
        flags = triage(asked, before, self.policy)
        message = without_instructions(asked, self.policy)
        asked_parts = [(part, (*before, said) if said else before) for part, said in parts(message)]
        queries = [self._understanding.understand(*without_asking_for_reference(*each)) for each in asked_parts]
        vectors = self._encoder.encode([query.text for query in queries])
        corrections = self._premises.corrections(message)
        steps = tuple(
            replace(
                self._step(query, vector, reader), with_references=asks_for_reference(part), corrections=corrections
            )
            for (part, _), query, vector in zip(asked_parts, queries, vectors, strict=True)
        )
        texts = FixedTexts(self.policy, reader, language_of(message))
        draft = compose(steps, flags, self.generation, self._whereabouts, texts)
        return Walk(flags, steps, disclaim(draft, asked, self.generation.name, texts))

    def _step(self, query: Query, vector: Vectors, audience: Audience) -> Step:
        hits = self._retriever.retrieve(query, vector, audience, PASSAGES_READ, self._include_retracted)
        choice = self._selector.choose(query, vector, hits)
        return Step(
            query,
            hits,
            choice,
            source=self._sources.asked_about(query),
            numbered=self._sources.numbered(query),
            disagreement=self._disagreements.on(choice.selections, query, vector),
        )

    def disclaimers(self, document: str) -> tuple[str, ...]:
        """What must go with anything quoted from ``document``: the general disclaimers and its own."""
        own = (disclaimer.text for disclaimer in self.generation.document(document).disclaimers)
        return (*self.policy.disclaimers, *own)

    def search(
        self, question: str, audience: Audience | str = Audience.STAFF, count: int = 10
    ) -> tuple[tuple[Hit, Passage], ...]:
        """The best passages for ``question``, retracted ones too, without an answer. Raises ``QuestionError``."""
        query = self._understanding.understand(check_question(question), ())
        vector = self._encoder.encode([query.text])[0]
        hits = self._retriever.retrieve(query, vector, Audience(audience), count, retracted=True)
        return tuple((hit, self.generation.passages[hit.passage]) for hit in hits)
