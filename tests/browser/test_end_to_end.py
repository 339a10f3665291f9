"""The page before the true service: a question typed in Chromium, an answer from the literature of this repository."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from page_watch import Watch
from playwright.sync_api import Page, expect

from serving import served
from support import REPOSITORY
from temsiqa.assistant import Assistant
from temsiqa.server.app import create_app
from temsiqa.settings import Settings

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def server_url(assistant: Assistant) -> Iterator[str]:
    """The true service over the literature, on a free port."""
    app = create_app(Settings(web=REPOSITORY / "web"), assistant)
    with served(app, lifespan="auto") as url:
        yield url


def ask(page: Page, question: str) -> None:
    box = page.get_by_label("Your question")
    box.fill(question)
    box.press("Enter")
    page.locator(".turn").last.locator(".answer").wait_for()


@pytest.mark.usefixtures("watch")
def test_a_citation_opens_the_source_with_the_quote_marked(page: Page, assistant: Assistant) -> None:
    question = "How long does an infusion of temsirolimus take?"
    expected = assistant.answer(question)
    ask(page, question)
    answer = page.locator(".turn").last.locator(".answer")
    expect(answer).to_contain_text(expected.statements[0].text.split("\n")[0])
    for disclaimer in expected.disclaimers:
        expect(answer).to_contain_text(disclaimer.text)
    answer.get_by_role("button", name="[1]").first.click()
    dialog = page.get_by_role("dialog")
    marked = "".join(dialog.locator("mark").all_text_contents())
    assert marked.split() == expected.citations[0].quote.split()


@pytest.mark.usefixtures("watch")
def test_an_emergency_is_an_alert_before_anything_else(page: Page) -> None:
    ask(page, "my tongue is swelling and i can hardly breathe")
    alert = page.locator(".turn").last.get_by_role("alert")
    expect(alert).to_contain_text("emergency")
    expect(alert).to_be_in_viewport()


@pytest.mark.usefixtures("watch")
def test_silence_is_said(page: Page) -> None:
    ask(page, "does pembrolizumab cause a rash")
    answer = page.locator(".turn").last.locator(".answer")
    expect(answer).to_contain_text("does not answer this")
    expect(answer).to_contain_text("not medical advice")


def test_a_refused_question_is_told_and_kept(page: Page, watch: Watch) -> None:
    long = ("why " * 3000).strip()
    box = page.get_by_label("Your question")
    box.fill(long)
    box.press("Enter")
    failure = page.get_by_text("ask in fewer words")
    failure.wait_for()
    assert box.input_value() == long
    assert watch.errors == []


@pytest.mark.usefixtures("watch")
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_wider_than_the_window(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for question in ("which serious side effects are there", "what happened in mice with 786-O", "should i stop it"):
        ask(page, question)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width
