"""LangChain sees temsiqa as a retriever and a runnable.

The only module that knows LangChain; it needs the extra ``langchain``.
"""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from pydantic import ConfigDict

from temsiqa.assistant import Assistant
from temsiqa.model import Answer, Audience


class TemsiqaRetriever(BaseRetriever):
    """Passages as LangChain documents; metadata holds id, section, span, score and disclaimers.

    >>> TemsiqaRetriever(assistant=assistant, count=3).invoke("half-life")  # doctest: +SKIP
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    assistant: Assistant
    audience: Audience = Audience.STAFF
    count: int = 5

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[LangChainDocument]:
        """The best passages for ``query``. Raises ``QuestionError``."""
        found = []
        for hit, passage in self.assistant.search(query, self.audience, self.count):
            start, end = passage.sentences[0].span.start, passage.sentences[-1].span.end
            metadata: dict[str, Any] = {
                "document": passage.document,
                "section": list(passage.section),
                "start": start,
                "end": end,
                "score": hit.score,
                "disclaimers": list(self.assistant.disclaimers(passage.document)),
                "generation": self.assistant.generation.name,
            }
            text = self.assistant.generation.documents[passage.document].text[start:end]
            found.append(LangChainDocument(page_content=text, metadata=metadata))
        return found


def as_runnable(assistant: Assistant) -> Runnable[str, Answer]:
    """The assistant as a runnable: a question goes in, the whole answer with its disclaimers comes out."""
    return RunnableLambda(assistant.answer, name="temsiqa")
