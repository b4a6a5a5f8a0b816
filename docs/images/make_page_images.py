"""Make docs/images/page-da.png and docs/images/page-en-dark-phone.png: the page with a real conversation.

    uv run python docs/images/make_page_images.py      (while `opi-advisor serve` runs)
"""
from pathlib import Path
from typing import Any, Dict, Sequence

from playwright.sync_api import Browser, sync_playwright

from tests.browser.chat import Chat
from tests.browser.chromium import launch_chromium

ADVISOR = "http://127.0.0.1:5005"
FOLDER = Path(__file__).parent
DESKTOP = {"viewport": {"width": 1280, "height": 1060}, "color_scheme": "light"}
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 1.5, "color_scheme": "dark", "is_mobile": True, "has_touch": True}


def picture(browser: Browser, name: str, language: str, questions: Sequence[str], screen: Dict[str, Any]) -> None:
    """Ask `questions` on a screen of the given kind and write docs/images/`name`."""
    context = browser.new_context(reduced_motion="reduce", **screen)
    page = context.new_page()
    page.goto(f"{ADVISOR}/?lang={language}")
    chat = Chat(page)
    for question in questions:
        chat.ask(question)
    if not screen.get("is_mobile"):
        page.evaluate("scrollTo(0, 0)")
    page.screenshot(path=FOLDER / name)
    context.close()


def main() -> None:
    """Make both pictures."""
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright)
        picture(browser, "page-da.png", "da", ["Hvorfor er kommunen bange for risiko?"], DESKTOP)
        picture(browser, "page-en-dark-phone.png", "en", ["Why is the municipality so slow to decide?"], PHONE)
        browser.close()


if __name__ == "__main__":
    main()
