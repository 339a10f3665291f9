"""The page as a reader meets it, in a real browser."""

from __future__ import annotations

import re
from typing import Any

import pytest
from fastapi import FastAPI
from page_watch import Watch
from playwright.sync_api import Locator, Page, expect
from stub_service import (
    GENERAL,
    LABEL_QUOTE,
    MARKUP,
    RETRACTED_ON,
    SLOW_SECONDS,
    URGENT,
    VENDOR_NOTICE,
    VENDOR_QUOTE,
    VENDOR_TITLE,
)

pytestmark = pytest.mark.browser

ANSWERED = "What dose is given?"
OUTCOMES = {
    "answered": ANSWERED,
    "urgent": "I cannot breathe after the drip",
    "call_today": "I have mouth sores",
    "referred": "Should I stop taking it?",
    "abstained": "Does aspirin help?",
}
WITH_PAGES = "Who was alive after ten years?"
FAILURES = ("overloaded?", "garbled?", "no disclaimers?")
WHOLE = 0.99  # of an element in view, but for a fraction of a pixel


def ask(page: Page, question: str) -> Locator:
    """Asks and returns what comes under the question."""
    box = page.get_by_label("Your question")
    box.fill(question)
    box.press("Enter")
    outcome = page.locator(".turn").last.locator(".answer")
    outcome.wait_for()
    return outcome


def assert_fits(page: Page, width: int) -> None:
    """Neither the page nor anything in it that scrolls is wider than the window."""
    too_wide = page.evaluate(
        """(width) => {
            const root = document.querySelector('temsiqa-chat').shadowRoot;
            const all = [document.scrollingElement, ...root.querySelectorAll('*')];
            return all
                .filter((e) => e.getClientRects().length && !e.closest('.unseen, svg'))
                .filter((e) => Math.max(e.getBoundingClientRect().right, e.scrollWidth) > width + 0.5)
                .map((e) => e.className || e.tagName);
        }""",
        width,
    )
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    assert too_wide == []


def focused(page: Page) -> dict[str, Any]:
    """Tag, class and name of what has the focus, looking into the element."""
    found: dict[str, Any] = page.evaluate(
        """() => {
            const e = document.activeElement.shadowRoot?.activeElement ?? document.activeElement;
            return { tag: e.tagName.toLowerCase(), cls: e.className, text: e.textContent };
        }"""
    )
    return found


@pytest.mark.usefixtures("watch")
def test_says_what_it_is_before_any_question(page: Page) -> None:
    note = page.get_by_role("complementary", name="About these answers")

    expect(note).to_be_in_viewport(ratio=WHOLE)
    expect(note).to_contain_text("not medical advice")
    expect(note).to_contain_text("local emergency number")


@pytest.mark.usefixtures("watch")
def test_shows_an_answer_with_numbered_citations(page: Page) -> None:
    answer = ask(page, ANSWERED)

    expect(answer.locator(".statement")).to_have_text([f"{LABEL_QUOTE} [1]", f"{VENDOR_QUOTE} [2][3]"])
    expect(answer.locator(".source .title")).to_have_text(
        [
            "[1] Temsirolimus injection: prescribing information",
            f"[2] {VENDOR_TITLE}",
            "[3] Temsirolimus injection: prescribing information",
        ]
    )
    second = answer.locator(".source").nth(1)
    expect(second).to_contain_text("Note by a company that sells the substance · BenchChem · 2025-12")
    expect(second).to_contain_text("Section: Comparative in vivo efficacy › Renal cell carcinoma")
    expect(answer.locator(".cautions")).to_contain_text("work in animals")


@pytest.mark.usefixtures("watch")
def test_links_what_the_quote_cites_only_where_the_address_is_a_web_address(page: Page) -> None:
    source = ask(page, ANSWERED).locator(".source").nth(1)

    expect(source.get_by_role("link")).to_have_count(1)
    link = source.get_by_role("link")
    expect(link).to_have_attribute("href", "https://doi.org/10.1056/NEJMoa066838")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(source).to_contain_text("[5] A reference with an address of another kind. ftp://example.org/5")


@pytest.mark.usefixtures("watch")
def test_names_the_pages_of_a_citation(page: Page) -> None:
    sources = ask(page, WITH_PAGES).locator(".source")

    expect(sources.nth(0).locator(".meta").nth(1)).to_have_text("Section: Results · p. 4")
    expect(sources.nth(1).locator(".meta").nth(1)).to_have_text("pp. 11–13")
    expect(ask(page, ANSWERED).locator(".source").first).not_to_contain_text("p. ")


@pytest.mark.usefixtures("watch")
def test_links_a_reference_by_its_doi_and_its_pmid(page: Page) -> None:
    references = ask(page, WITH_PAGES).locator(".source").first.get_by_role("listitem")

    expect(references).to_have_text(
        [
            "[1] An honest trial. doi:10.5555/a#b(1) PMID 23456789",
            re.compile(r"^\[2\] A dishonest trial. PMID 34567890 "),
        ]
    )
    addresses = [link.get_attribute("href") for link in references.get_by_role("link").all()]
    assert addresses == [
        "https://doi.org/10.5555/a%23b(1)",
        "https://pubmed.ncbi.nlm.nih.gov/23456789/",
        "https://pubmed.ncbi.nlm.nih.gov/34567890/",
    ]


@pytest.mark.usefixtures("watch")
def test_marks_what_was_retracted_wherever_it_appears(page: Page) -> None:
    answer = ask(page, WITH_PAGES)

    expect(answer.locator(".statement").nth(0)).to_contain_text(f"Retracted {RETRACTED_ON}")
    expect(answer.locator(".statement").nth(1)).not_to_contain_text("Retracted")
    source = answer.locator(".source").first
    expect(source.locator("p.title + p")).to_have_text(f"Retracted {RETRACTED_ON}")
    expect(source.get_by_role("listitem").nth(0)).not_to_contain_text("Retracted")
    expect(source.get_by_role("listitem").nth(1)).to_contain_text("Retracted retracted in 2020-05")
    answer.get_by_role("button", name="[1]").click()
    about = page.get_by_role("region", name="About this source")
    expect(about).to_contain_text(f"Retracted {RETRACTED_ON}")
    expect(about).to_contain_text("doi 10.5555/trial, pmid 12345678")
    expect(about.get_by_role("link")).to_have_attribute("href", "https://creativecommons.org/licenses/by/4.0/")


@pytest.mark.usefixtures("watch")
def test_marks_the_quoted_characters_in_the_source(page: Page) -> None:
    ask(page, ANSWERED).get_by_role("button", name="[2]").click()

    dialog = page.get_by_role("dialog", name=VENDOR_TITLE)
    expect(dialog.locator("mark")).to_have_text(VENDOR_QUOTE)
    expect(dialog.locator("mark")).to_be_focused()
    expect(dialog.locator("mark")).to_be_in_viewport(ratio=WHOLE)
    expect(dialog.locator(".verdict")).to_contain_text("is marked")
    expect(dialog.locator(".source-text")).to_contain_text("RENCA-CA9 xenograft")
    expect(dialog.locator(".provenance")).to_contain_text("BenchChem Technical Support Team")
    expect(dialog.get_by_text(VENDOR_NOTICE["text"])).to_be_in_viewport(ratio=WHOLE)


@pytest.mark.usefixtures("watch")
def test_opens_a_source_whose_path_holds_reserved_characters(page: Page) -> None:
    ask(page, ANSWERED).get_by_role("button", name="[1]").click()

    expect(page.locator("mark")).to_have_text(LABEL_QUOTE)


@pytest.mark.usefixtures("watch")
def test_says_so_when_the_quote_does_not_stand_where_it_should(page: Page) -> None:
    ask(page, "Has it moved?").get_by_role("button", name="[1]").click()

    warning = page.get_by_role("dialog").get_by_role("alert")
    expect(warning).to_contain_text("Do not rely on this citation")
    expect(warning).to_contain_text(LABEL_QUOTE)
    expect(page.locator("mark")).to_have_count(0)


@pytest.mark.usefixtures("watch")
def test_a_source_that_cannot_be_fetched_says_why(page: Page) -> None:
    ask(page, "Has it vanished?").get_by_role("button", name="[1]").click()

    expect(page.get_by_role("dialog")).to_contain_text("No such document")
    expect(page.get_by_role("dialog").get_by_role("button", name="Try again")).to_be_visible()


@pytest.mark.usefixtures("watch")
@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_shows_its_disclaimers(page: Page, outcome: str) -> None:
    answer = ask(page, OUTCOMES[outcome])
    expected = [GENERAL] if outcome in {"urgent", "call_today", "referred"} else [GENERAL, VENDOR_NOTICE]

    assert outcome in (answer.get_attribute("class") or "")
    expect(answer.locator(".disclaimers li")).to_have_count(len(expected))
    for disclaimer in expected:
        shown = answer.locator(".disclaimers").get_by_text(disclaimer["text"])
        box = shown.bounding_box()
        assert box is not None
        assert box["width"] > 100
        assert box["height"] > 15
        shown.scroll_into_view_if_needed()
        expect(shown).to_be_in_viewport(ratio=WHOLE)


@pytest.mark.usefixtures("watch")
@pytest.mark.parametrize("question", ["no disclaimers?", "source notice lost?", "no notices?"])
def test_an_answer_without_its_disclaimers_is_not_shown(page: Page, question: str) -> None:
    failure = ask(page, question)

    expect(failure).to_contain_text("cannot be shown")
    expect(failure).to_contain_text("local emergency number")
    conversation = page.locator(".turns")
    expect(conversation).not_to_contain_text(LABEL_QUOTE)
    expect(conversation).not_to_contain_text(URGENT["notice"])


@pytest.mark.usefixtures("watch")
def test_markup_is_shown_as_text(page: Page) -> None:
    answer = ask(page, f"markup {MARKUP}")
    answer.get_by_role("button", name="[1]").first.click()

    expect(page.locator("mark")).to_have_text(MARKUP)
    expect(page.locator(".question")).to_have_text(f"markup {MARKUP}")
    expect(answer.locator(".notice")).to_have_text(MARKUP)
    expect(answer.locator("blockquote")).to_have_text(f"{MARKUP} … {MARKUP}")
    expect(page.locator("img, script:not([src]), b, iframe, [onerror], a[href^=javascript]")).to_have_count(0)


@pytest.mark.usefixtures("watch")
def test_urgent_is_an_alert_and_comes_first(page: Page) -> None:
    answer = ask(page, OUTCOMES["urgent"])
    alert = answer.get_by_role("alert")

    expect(alert).to_contain_text("Urgent: get help now")
    expect(alert).to_contain_text(URGENT["notice"])
    assert alert.evaluate("(e) => e.parentElement.firstElementChild === e")
    expect(alert).to_be_in_viewport(ratio=WHOLE)


@pytest.mark.usefixtures("watch")
def test_only_urgent_is_an_alert_and_the_others_are_announced(page: Page) -> None:
    answer = ask(page, ANSWERED)

    expect(answer.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("status")).to_contain_text(LABEL_QUOTE)


@pytest.mark.usefixtures("watch")
def test_related_passages_are_not_shown_as_an_answer(page: Page) -> None:
    answer = ask(page, OUTCOMES["abstained"])

    expect(answer.locator(".statement")).to_have_count(0)
    related = answer.locator(".related")
    expect(related).to_contain_text("Related, not an answer")
    related.get_by_role("button", name="Show the passage").click()
    expect(page.locator("mark")).to_have_text(VENDOR_QUOTE)


def test_a_new_question_drops_the_answer_to_the_old_one(page: Page, watch: Watch) -> None:
    box = page.get_by_label("Your question")
    box.fill("a slow question")
    box.press("Enter")
    page.get_by_text("Looking in the literature…").first.wait_for()

    answer = ask(page, ANSWERED)
    page.wait_for_timeout(SLOW_SECONDS * 1000 + 300)

    expect(answer).to_contain_text(LABEL_QUOTE)
    expect(page.locator(".answer")).to_have_count(1)
    expect(page.locator(".turns")).not_to_contain_text("This answer came late.")
    expect(page.locator(".turn").first).to_contain_text("another question was asked first")
    assert [url for url in watch.aborted if url.endswith("/v1/chat")]


@pytest.mark.usefixtures("watch")
def test_sends_the_conversation_and_the_audience(page: Page, stub: tuple[FastAPI, str]) -> None:
    page.get_by_label("Answers for").select_option("staff")
    ask(page, "Is this overloaded?")
    ask(page, OUTCOMES["urgent"])
    ask(page, ANSWERED)

    assert stub[0].state.asked[-1] == {
        "messages": [
            {"role": "user", "content": OUTCOMES["urgent"]},
            {"role": "assistant", "content": URGENT["notice"]},
            {"role": "user", "content": ANSWERED},
        ],
        "audience": "staff",
    }


@pytest.mark.usefixtures("watch")
def test_a_refused_question_is_kept_and_can_be_asked_again(page: Page) -> None:
    failure = ask(page, "Is this overloaded?")

    expect(failure).to_have_role("alert")
    expect(failure).to_contain_text("The service is busy")
    expect(failure).to_contain_text("Too many questions at once; try again in a minute.")
    expect(page.get_by_label("Your question")).to_have_value("Is this overloaded?")
    with page.expect_response("**/v1/chat"):
        failure.get_by_role("button", name="Try again").click()
    expect(page.locator(".turn .answer")).to_have_count(1)


@pytest.mark.usefixtures("watch")
def test_a_reply_that_is_no_problem_document_still_says_something(page: Page) -> None:
    failure = ask(page, "Is this garbled?")

    expect(failure).to_contain_text("error 502")
    expect(failure).not_to_contain_text("gateway")


def test_without_a_network_the_question_is_kept_and_asked_again(page: Page, watch: Watch) -> None:
    page.route("**/v1/chat", lambda route: route.abort())
    failure = ask(page, ANSWERED)
    expect(failure).to_contain_text("No connection")
    expect(page.get_by_label("Your question")).to_have_value(ANSWERED)

    page.unroute("**/v1/chat")
    failure.get_by_role("button", name="Try again").click()

    expect(page.locator(".turns")).to_contain_text(LABEL_QUOTE)
    expect(page.locator(".turn")).to_have_count(1)
    expect(page.get_by_label("Your question")).to_have_value("")
    assert watch.aborted


@pytest.mark.usefixtures("watch")
def test_everything_can_be_done_from_the_keyboard(page: Page) -> None:
    for _ in range(5):
        page.keyboard.press("Tab")
        if focused(page)["tag"] == "textarea":
            break
    page.keyboard.type("What dose")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("is given?")
    expect(page.get_by_label("Your question")).to_have_value("What dose\nis given?")
    page.keyboard.press("Enter")
    page.locator(".answer").wait_for()

    for _ in range(20):
        page.keyboard.press("Shift+Tab")
        if focused(page)["cls"] == "cite" and focused(page)["text"] == "[2]":
            break
    page.keyboard.press("Enter")
    expect(page.locator("mark")).to_be_focused()
    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog")).to_have_count(0)
    assert (focused(page)["cls"], focused(page)["text"]) == ("cite", "[2]")


@pytest.mark.usefixtures("watch")
def test_closing_the_source_by_button_returns_the_focus(page: Page) -> None:
    ask(page, ANSWERED).get_by_role("button", name="[3]").click()
    page.get_by_role("dialog").get_by_role("button", name="Close").click()

    expect(page.get_by_role("dialog")).to_have_count(0)
    assert focused(page)["text"] == "[3]"


@pytest.mark.usefixtures("watch")
def test_an_empty_question_is_not_sent(page: Page) -> None:
    box = page.get_by_label("Your question")
    box.fill("   ")
    box.press("Enter")

    expect(page.locator(".turn")).to_have_count(0)
    expect(box).to_be_focused()


@pytest.mark.usefixtures("watch")
@pytest.mark.parametrize("width", [360, 1280])
def test_nothing_is_wider_than_the_window(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    assert_fits(page, width)
    for question in (*OUTCOMES.values(), *FAILURES, WITH_PAGES, "markup", "averylongword" * 40):
        ask(page, question)
        assert_fits(page, width)
    page.get_by_role("button", name="[2]").first.click()
    page.locator("mark").wait_for()
    assert_fits(page, width)


@pytest.mark.usefixtures("watch")
def test_what_is_touched_is_large_enough_for_a_finger(page: Page) -> None:
    for question in (ANSWERED, "overloaded?"):
        ask(page, question)
    page.get_by_role("button", name="[1]").first.click()
    page.locator("mark").wait_for()

    for control in page.locator("button, select, textarea").all():
        box = control.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44, control.evaluate("(e) => e.outerHTML")


@pytest.mark.usefixtures("watch")
def test_tells_the_page_around_it_by_events(page: Page) -> None:
    page.evaluate(
        """() => {
            window.heard = [];
            for (const name of ['ask', 'answer', 'error'])
                document.addEventListener(`temsiqa-${name}`, (e) => window.heard.push([e.type, e.target.state]));
        }"""
    )
    ask(page, ANSWERED)
    ask(page, "overloaded?")

    assert page.evaluate("window.heard") == [
        ["temsiqa-ask", "asking"],
        ["temsiqa-answer", "answered"],
        ["temsiqa-ask", "asking"],
        ["temsiqa-error", "failed"],
    ]
