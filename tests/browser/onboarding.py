"""What a person does in the tour and with the sliders."""
import re

from playwright.sync_api import Locator

from opi_advisor.knowledge import DIMENSIONS, default_knowledge
from tests.browser.chat import Chat, words
from tests.unit.onboarding_talk import right_letter, say_first

KNOWLEDGE = default_knowledge()
FIRST_STOP = KNOWLEDGE.onboarding.tour.stops[0]


def press(chat: Chat, start: str) -> Locator:
    """Press the newest offered button that begins with `start`, and wait for the reply's card."""
    return chat.press(chat.buttons.filter(has_text=re.compile(f"^{re.escape(start)}")))


def begin_lesson(chat: Chat, language: str, side: str = "public") -> Locator:
    """Start the tour by its button and tell the side; returns the card of the first lesson."""
    chat.press(chat.page.locator(".beginnings button").first)
    said = {"public": KNOWLEDGE.phrases.say_public, "private": KNOWLEDGE.phrases.say_private}[side]
    return press(chat, said[language])


def begin_question(chat: Chat, language: str) -> Locator:
    """Go on to the question of the first stop; returns its card."""
    begin_lesson(chat, language)
    return press(chat, say_first("quiz", language))


def answer(chat: Chat, language: str, is_right: bool) -> Locator:
    """Answer the question of the first stop; returns the card that says whether it was right."""
    right = right_letter(FIRST_STOP.questions[0].text[language]).upper()
    letter = right if is_right else next(other for other in "AB" if other != right)
    return press(chat, f"{letter}:")


class Sliders:
    """The sliders of the page."""

    def __init__(self, chat: Chat, language: str = "da"):
        self.page, self.language = chat.page, language
        self.element = chat.page.locator("opi-placing")
        self.heading = self.element.get_by_role("heading")
        self.sides = self.element.get_by_role("radio")
        self.all = self.element.get_by_role("slider")
        self.unsure = self.element.get_by_role("checkbox")
        self.refusal = self.element.get_by_role("alert")
        self.send = self.element.get_by_role("button", name=words(language, "placing_send"))
        self.cancel = self.element.get_by_role("button", name=words(language, "placing_cancel"))

    def open(self) -> None:
        """By the button of the empty conversation."""
        self.page.locator(".beginnings button").last.click()

    def of(self, dimension: str, party: str) -> Locator:
        """One slider."""
        return self.element.locator(f"#{dimension}-{party}")

    def choose_side(self, party: str) -> None:
        self.element.get_by_role("radio", name=getattr(KNOWLEDGE.comparison.parties, party).name[self.language]).check()

    def place_all(self, party: str, place: int) -> None:
        """Move all sliders of one party to `place`."""
        for dimension in DIMENSIONS:
            self.of(dimension, party).fill(str(place))
