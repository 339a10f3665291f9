from __future__ import annotations

from support import INFUSION_ANSWER, INFUSION_QUESTION
from temsiqa.assistant import Assistant
from temsiqa.langchain import TemsiqaRetriever, as_runnable


def test_the_retriever_gives_exact_passages(tiny_assistant: Assistant) -> None:
    found = TemsiqaRetriever(assistant=tiny_assistant, count=2).invoke(INFUSION_QUESTION)
    assert len(found) == 2
    assert INFUSION_ANSWER in found[0].page_content
    for document in found:
        meta = document.metadata
        text = tiny_assistant.generation.document(meta["document"]).text
        assert text[meta["start"] : meta["end"]] == document.page_content
        assert meta["disclaimers"] == list(tiny_assistant.disclaimers(meta["document"]))
        assert meta["generation"] == tiny_assistant.generation.name


def test_the_runnable_gives_the_same_answer_as_the_assistant(tiny_assistant: Assistant) -> None:
    assert as_runnable(tiny_assistant).invoke(INFUSION_QUESTION) == tiny_assistant.answer(INFUSION_QUESTION)
