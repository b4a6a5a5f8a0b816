"""What a person does and sees in one conversation, on the page or in the widget."""
import json
from typing import Callable, List

from playwright.sync_api import Locator, Page, Route, expect

from opi_advisor.project import ROOT

LANGUAGES = ("da", "en")
_STRINGS = {language: json.loads((ROOT / "web" / "strings" / f"{language}.json").read_text(encoding="utf-8")) for language in LANGUAGES}


def words(language: str, key: str, **values: object) -> str:
    """The interface's text `key` with its {placeholders} filled."""
    return _STRINGS[language][key].format(**values)


class Chat:
    """One conversation; `answer` is what the server said last, as data."""

    def __init__(self, page: Page):
        self.page, self.answer = page, {}
        self.field = page.locator("opi-composer textarea")
        self.refusal = page.locator("opi-composer #problem")
        self.questions = page.locator("opi-chat .question")
        self.replies = page.locator("opi-reply")
        self.failure = page.locator("opi-chat li .problem")
        self.buttons = page.locator("opi-reply .buttons button")
        self.status = page.locator("opi-chat [role=status]")

    def send(self, question: str) -> None:
        """Type `question` and press Enter."""
        self.field.fill(question)
        self.field.press("Enter")

    def ask(self, question: str) -> Locator:
        """Send `question` and wait for the reply's card."""
        return self.reply_to(lambda: self.send(question))

    def send_and_hold(self, question: str) -> List[Route]:
        """Send `question`; its request, and any later one, is held back on the way. Returns those that are."""
        held: List[Route] = []
        self.page.route("**/api/messages", lambda route: held.append(route))
        self.send(question)
        while not held:
            self.page.wait_for_timeout(20)
        return held

    def press(self, button: Locator) -> Locator:
        """Press what asks something, and wait for the reply's card."""
        return self.reply_to(button.click)

    def reply_to(self, act: Callable[[], object]) -> Locator:
        """Do what asks something, and wait for the reply's card."""
        before = self.replies.count()
        with self.page.expect_response(lambda response: response.url.endswith("/api/messages") and response.ok) as response:
            act()
        expect(self.replies).to_have_count(before + 1)
        self.answer = response.value.json()
        return self.replies.last

    def asked(self) -> str:
        """The newest question as it is shown, without the words for screen readers before it."""
        return self.questions.last.evaluate("(shown) => shown.textContent.slice(shown.querySelector('.unseen').textContent.length)")

    def button(self, language: str, key: str) -> Locator:
        """The newest button with the interface's text `key`."""
        return self.page.get_by_role("button", name=words(language, key), exact=True).last
