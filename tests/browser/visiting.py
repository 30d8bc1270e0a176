"""Somebody's browser: a window of their own, in which nothing may go wrong unnoticed."""

import re
from typing import Any

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Response

CUT = re.compile(r"WebSocket connection to .* failed|ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE")


class Visitor:
    """One window of one person: its page, what went wrong in it, and what its sockets heard."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.errors: list[str] = []
        self.frames: list[str] = []
        self._expected: list[re.Pattern[str]] = []
        self.page = self.another_page()

    def another_page(self) -> Page:
        """Open one more page in the same browser."""
        page = self.context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.errors.append(f"{page.url}: {error}"))
        page.on("response", self._look)
        page.on("websocket", lambda line: line.on("framereceived", self._keep))
        return page

    def go(self, path: str) -> Page:
        """Open an address of Nova."""
        self.page.goto(path)
        return self.page

    def hear(self, words: str) -> None:
        """Wait until the server said something over the socket."""
        for _ in range(200):
            if any(words in frame for frame in self.frames):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"{words} not in {self.frames}")

    def expect_refusal(self, *statuses: int) -> None:
        """Say that answers of these statuses are what the test is about."""
        said = "status of {0}|Response Status Error Code {0}"  # by the browser, and by htmx
        self._expected += [re.compile(said.format(status)) for status in statuses]

    def expect_words(self, words: str) -> None:
        """Say that the console will call this an error."""
        self._expected.append(re.compile(re.escape(words)))

    def expect_cut(self) -> None:
        """Say that the server will be away for a while."""
        self._expected.append(CUT)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not self._is_expected(message.text):
            self.errors.append(f"{message.location.get('url')}: {message.text}")

    def _is_expected(self, text: str) -> bool:
        return any(pattern.search(text) for pattern in self._expected)

    def _look(self, response: Response) -> None:
        if response.status >= 500:
            self.errors.append(f"{response.status} {response.url}")

    def _keep(self, payload: Any) -> None:
        self.frames.append(payload if isinstance(payload, str) else payload.decode())
