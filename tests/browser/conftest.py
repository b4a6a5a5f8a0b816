"""A real browser and a really started advisor, shared by all browser tests; each test has browser contexts of its own."""
from typing import Any, Callable, Dict, List

import pytest
from playwright.sync_api import expect, sync_playwright

from opi_advisor.feedback import FeedbackStore
from tests.browser.chat import Chat
from tests.browser.chromium import launch_chromium
from tests.browser.intranet import Intranet
from tests.browser.watch import Watch
from tests.conftest import Server

CONTACT = "mailto:opi@example.org"
DESKTOP = {"viewport": {"width": 1280, "height": 900}, "reduced_motion": "reduce", "locale": "da-DK"}

expect.set_options(timeout=15_000)


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        running = launch_chromium(playwright)
        yield running
        running.close()


@pytest.fixture(scope="session")
def intranet():
    """A foreign site whose pages have the widget."""
    running = Intranet()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def database_folder(tmp_path_factory):
    return tmp_path_factory.mktemp("page")


@pytest.fixture(scope="session")
def site(model, intranet, database_folder):
    """The advisor, with a contact address, and open to the foreign site."""
    running = Server(database_folder, settings={"OPI_ADVISOR_ORIGINS": intranet.url, "OPI_ADVISOR_CONTACT": CONTACT,
                                                "OPI_ADVISOR_RATE_CONVERSATION": "30/minute"})
    intranet.advisor = running.url
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.stop()


@pytest.fixture()
def ratings(site, database_folder) -> Callable[[], List[Dict[str, Any]]]:
    """Reads the feedback that the advisor has stored."""
    return FeedbackStore(database_folder / "conversations.db").read


@pytest.fixture()
def watch(site, intranet):
    """Fails the test on foreign requests, reports of the security policy and console errors that it did not announce."""
    watching = Watch([site.url, intranet.url, intranet.unknown_url])
    yield watching
    watching.verify()


@pytest.fixture()
def new_browser(browser, site, watch):
    """Makes browser contexts: each is a browser of its own, with nothing stored."""
    contexts = []

    def make(**options):
        contexts.append(browser.new_context(base_url=site.url, **{**DESKTOP, **options}))
        watch.follow(contexts[-1])
        return contexts[-1]

    yield make
    for context in contexts:
        context.close()


@pytest.fixture()
def open_page(new_browser):
    """Opens the advisor's page in a new browser and waits until it is whole."""

    def open_at(address: str = "/?lang=da", wait_for: str = "opi-comparison", **options: Any) -> Chat:
        page = new_browser(**options).new_page()
        page.goto(address)
        expect(page.locator(wait_for)).to_be_visible()
        return Chat(page)

    return open_at


@pytest.fixture()
def open_intranet(new_browser, intranet):
    """Opens a page of the foreign site, by default the hostile one."""

    def open_at(address: str = "/wild?lang=da", **options: Any) -> Chat:
        page = new_browser(**options).new_page()
        page.goto(intranet.url + address)
        expect(page.locator("opi-advisor .widget")).to_be_attached()
        return Chat(page)

    return open_at
