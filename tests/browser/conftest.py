"""A real browser before a stand-in service.

``server_url`` is the one thing to override in order to drive the page before another service.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from page_watch import Watch
from playwright.sync_api import Browser, Page, sync_playwright
from stub_service import create_app

from serving import served

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
WAIT_MS = 10_000


@pytest.fixture(scope="module")
def stub() -> Iterator[tuple[FastAPI, str]]:
    """The stand-in service, running, and its address."""
    app = create_app()
    with served(app) as url:
        yield app, url


@pytest.fixture(scope="module")
def server_url(stub: tuple[FastAPI, str]) -> str:
    """Address of the service under test."""
    return stub[1]


# One browser a module, not one a session: Playwright's event loop must not outlive the tests that drive the browser.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's Chromium. Without one the tests are skipped, but on a build server they fail."""
    executable = next((path for name in CHROMIUM_NAMES if (path := shutil.which(name))), None)
    if executable is None:
        reason = f"NO BROWSER: none of {', '.join(CHROMIUM_NAMES)} is on PATH, so the page is NOT tested"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(f"{reason}; run tests/browser/install_chromium.sh")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page of a phone's size, in a context of its own."""
    context = browser.new_context(viewport={"width": 360, "height": 640}, reduced_motion="reduce")
    context.set_default_timeout(WAIT_MS)
    yield context.new_page()
    context.close()


@pytest.fixture
def watch(page: Page, server_url: str) -> Iterator[Watch]:
    """The page opened and watched; afterwards it must have stayed at home, in silence."""
    watching = Watch(page)
    page.goto(server_url)
    page.get_by_label("Your question").wait_for()
    yield watching
    strayed = [url for url in watching.requested if not url.startswith(server_url)]
    assert not strayed, f"requests left the origin: {strayed}"
    assert not watching.errors, watching.errors
