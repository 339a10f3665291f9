"""Looks over the shoulder of a page under test."""

from __future__ import annotations

from playwright.sync_api import ConsoleMessage, Dialog, Page, Request


class Watch:
    """What a page did besides what was asked of it: requests, console errors, uncaught errors and script dialogs."""

    def __init__(self, page: Page) -> None:
        self.requested: list[str] = []
        self.aborted: list[str] = []
        self.errors: list[str] = []
        page.on("request", lambda request: self.requested.append(request.url))
        page.on("requestfailed", self._failed)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", self._dialog)

    def _failed(self, request: Request) -> None:
        self.aborted.append(request.url)

    def _console(self, message: ConsoleMessage) -> None:
        # A refused request is written to the console by the browser itself, whatever the page makes of it.
        refused = message.text.startswith("Failed to load resource") and "/v1/" in message.location["url"]
        if message.type in {"error", "warning"} and not refused:
            self.errors.append(message.text)

    def _dialog(self, dialog: Dialog) -> None:
        self.errors.append(f"script dialog: {dialog.message}")
        dialog.dismiss()
