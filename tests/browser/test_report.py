"""The pages of a run and of a comparison as a reader meets them, in a real browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from page_watch import Watch
from playwright.sync_api import Browser, Page, expect

from report_support import HOSTILE, later_replies, run_of
from temsiqa.evaluation.compare import compare
from temsiqa.evaluation.gates import Verdict
from temsiqa.evaluation.report import comparison_html, report_html

pytestmark = pytest.mark.browser

WIDE, NARROW = 1200, 360
GATES = (Verdict("passed 0.67, has to be at least 0.75", False), Verdict("words 3, has to be at most 100", True))
NAMES = ("report", "comparison")


# One of each for all tests: their intervals take seconds.
@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The page of a run and that of a comparison, as files."""
    folder = tmp_path_factory.mktemp("reports")
    before, after = run_of(folder / "before"), run_of(folder / "after", later_replies())
    texts = {"report": report_html(before, GATES), "comparison": comparison_html(compare(before, after))}
    for name, text in texts.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in texts}


@pytest.fixture(params=NAMES)
def opened(request: pytest.FixtureRequest, page: Page, pages: dict[str, Path]) -> Iterator[Page]:
    """Either page, opened and watched: it must ask for nothing and be silent."""
    yield from _watched(page, pages[request.param])


@pytest.fixture
def report(page: Page, pages: dict[str, Path]) -> Iterator[Page]:
    """The page of the run, watched in the same way."""
    yield from _watched(page, pages["report"])


def _watched(page: Page, path: Path) -> Iterator[Page]:
    watch = Watch(page)
    page.goto(path.as_uri())
    yield page
    strayed = [url for url in watch.requested if not url.startswith(("data:", path.as_uri()))]
    assert not strayed, f"requests left the page: {strayed}"
    assert not watch.errors, watch.errors


def ids(page: Page, selector: str) -> list[str]:
    return page.locator(f"{selector} .id").all_inner_texts()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_has_no_barriers(opened: Page, width: int, scheme: str) -> None:
    opened.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    opened.set_viewport_size({"width": width, "height": 800})
    opened.get_by_role("button", name="Open all").click()
    found = Axe().run(opened)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", [WIDE, NARROW, 320])
def test_never_scrolls_sideways(opened: Page, width: int) -> None:
    opened.set_viewport_size({"width": width, "height": 800})
    opened.get_by_role("button", name="Open all").click()
    assert opened.evaluate("document.scrollingElement.scrollWidth") <= width
    beyond = opened.evaluate(
        """(width) => [...document.body.querySelectorAll('*')]
            .filter((e) => e.getClientRects().length && !e.closest('.skip, svg') && !e.closest('.scroll > *'))
            .filter((e) => e.getBoundingClientRect().right > width + 0.5)
            .map((e) => `${e.tagName} ${e.className}`)""",
        width,
    )
    assert beyond == []


def test_sorts_by_keyboard(report: Page) -> None:
    table = report.get_by_role("table").first
    header = table.get_by_role("columnheader", name="value")
    header.get_by_role("button").focus()

    report.keyboard.press("Enter")
    expect(header).to_have_attribute("aria-sort", "ascending")
    values = [float(cell.get_attribute("data-value") or "nan") for cell in table.locator("td:nth-child(2)").all()]
    assert values == sorted(values)
    assert len(set(values)) > 3

    report.keyboard.press("Space")
    expect(header).to_have_attribute("aria-sort", "descending")
    expect(table.locator("td:nth-child(2)").first).to_have_attribute("data-value", str(values[-1]))

    table.get_by_role("columnheader", name="measure").get_by_role("button").press("Enter")
    expect(header).not_to_have_attribute("aria-sort", "descending")
    names = table.locator("tbody th code").all_inner_texts()
    assert names == sorted(names)


def test_skips_to_the_results_by_keyboard(report: Page) -> None:
    report.keyboard.press("Tab")
    link = report.get_by_role("link", name="Skip to the results")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    report.keyboard.press("Enter")
    expect(report.get_by_role("main")).to_be_focused()


def test_filters_by_text(report: Page) -> None:
    report.get_by_label("Text").fill("HALF-LIFE?")
    expect(report.get_by_role("status")).to_have_text("1 of 7 items are shown")
    expect(report.locator(".item:visible")).to_have_count(1)
    assert ids(report, ".item:visible") == ["wrong"]

    report.get_by_label("Text").fill("")
    expect(report.get_by_role("status")).to_have_text("7 of 7 items are shown")


def test_filters_by_slice(opened: Page) -> None:
    choice = opened.get_by_role("combobox", name="Slice")
    choice.select_option(label="type:out")
    hidden = opened.locator(".item[hidden]").evaluate_all("all => all.map((one) => one.dataset.slices)")
    assert hidden
    assert not any("type:out" in slices for slices in hidden)
    choice.select_option(json.dumps(HOSTILE).translate({ord(one): f"\\u{ord(one):04x}" for one in "<>&'"}))
    shown = opened.locator(".item:not([hidden])").evaluate_all("all => all.map((one) => one.dataset.slices)")
    assert shown
    assert all(HOSTILE in json.loads(slices) for slices in shown)


def test_opens_an_item_by_keyboard_and_follows_its_citation(report: Page) -> None:
    item = report.locator("#failed ~ details").first
    item.locator("summary").press("Enter")
    expect(item).to_have_attribute("open", "")
    item.get_by_role("link", name="[1]").press("Enter")
    expect(item.locator("blockquote mark")).to_have_text("17 hours")
    expect(item.locator("li:target blockquote")).to_be_in_viewport()


def test_what_others_wrote_is_text_and_its_direction_ends_with_it(opened: Page) -> None:
    assert "broken" not in opened.title()
    assert opened.evaluate("document.querySelectorAll('img').length") == 0
    expect(opened.locator(".question", has_text="<script>").first).to_have_attribute("dir", "auto")


def test_a_script_that_slipped_in_would_not_run(page: Page, pages: dict[str, Path], tmp_path: Path) -> None:
    text = pages["report"].read_text(encoding="utf-8")
    (tmp_path / "slipped.html").write_text(text.replace("</main>", "<script>window.ran = true</script></main>"))
    page.goto((tmp_path / "slipped.html").as_uri())
    page.get_by_role("button", name="Open all").wait_for()
    assert page.evaluate("window.ran") is None


def test_paper_shows_everything_and_the_screen_stays_as_it_was(opened: Page) -> None:
    opened.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert opened.locator("details:not([open])").count() == 0
    opened.evaluate("dispatchEvent(new Event('afterprint'))")
    assert opened.locator("details[open]").count() == 0


@pytest.mark.parametrize("name", NAMES)
def test_works_without_script(browser: Browser, pages: dict[str, Path], name: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(pages[name].as_uri())
    expect(page.locator(".filter")).to_be_hidden()
    expect(page.get_by_role("columnheader").first).to_have_text("measure")
    item = page.locator(".item").first
    item.locator("summary").click()
    expect(item.locator("blockquote").first).to_be_visible()
    context.close()
