"""Debian's Chromium for tests of the pages: one browser for all, and no page may complain."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright._impl._api_structures import SetCookieParam
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.courthouse import Courthouse, Server, served

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
FLAGS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
NETWORK = (
    "ERR_CONNECTION_REFUSED",
    "WebSocket connection to",
    "ERR_EMPTY_RESPONSE",
    "ERR_CONNECTION_RESET",
    "ERR_INTERNET_DISCONNECTED",
    "ERR_FAILED",
    "status of 409",
    "status of 503",
    "status of 415",
)
"""Complaints that a server which is away, or that refuses what does not fit any more, cannot but cause."""
PATIENCE_MS = 30_000
"""A machine that is busy with other things is no reason to fail."""
WATCH = "addEventListener('securitypolicyviolation', e => console.error('CSP: ' + e.violatedDirective))"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.skip("NO BROWSER, PAGES NOT TESTED: apt-get install chromium fonts-noto-cjk")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


@pytest.fixture
def court(tmp_path: Path) -> Iterator[Courthouse]:
    courthouse = Courthouse(tmp_path)
    yield courthouse
    courthouse.close()


@pytest.fixture
def server(court: Courthouse) -> Iterator[Server]:
    with served(court.app) as running:
        yield running


@pytest.fixture
def page(browser: Browser, court: Courthouse, server: Server) -> Iterator[Page]:
    """The signed-in clerk's page, that fails the test when the browser complains of a script or of the security policy."""
    complaints: list[str] = []
    context = browser.new_context(base_url=server.url, viewport={"width": 1280, "height": 800})
    context.add_init_script(WATCH)
    sign_in(context, court, server)
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE_MS)
    opened.on("console", lambda message: complaints.extend(_complaint(message)))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert complaints == []


def sign_in(context: BrowserContext, court: Courthouse, server: Server) -> None:
    """Gives the browser the clerk's session."""
    cookie = SetCookieParam(
        name=court.access.account_cookie,
        value=court.session,
        url=server.url,
        httpOnly=True,
        sameSite="Strict",
    )
    context.add_cookies([cookie])


def _complaint(message: ConsoleMessage) -> list[str]:
    if message.type not in ("error", "warning") or any(known in message.text for known in NETWORK):
        return []
    return [message.text]
