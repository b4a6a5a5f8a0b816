"""A conversation for the tests of tour and placing, with readings given by hand where the wording alone does not tell."""
import json
from typing import Any, List

from opi_advisor.dialogue import State, take_turn
from opi_advisor.knowledge import default_knowledge
from opi_advisor.onboarding.state import Onboarding
from opi_advisor.question import Reading
from opi_advisor.reply import Reply

K = default_knowledge()


class Talk:
    """Keeps the state from message to message, by way of JSON as the tracker does."""

    def __init__(self, language: str):
        self.language, self.state = language, State()

    def say(self, text: str, intent: str = "out_of_scope", **reading: Any) -> Reply:
        """One message; by default one that the NLU can make nothing of."""
        turn = take_turn(Reading(intent, text=text, **{"language": self.language, **reading}), self.state, K)
        kept = Onboarding.from_dict(json.loads(json.dumps(turn.state.onboarding.to_dict())))
        self.state = State(turn.state.context, kept)
        return turn.reply

    def press(self, reply: Reply, start: str) -> Reply:
        """Say what the button of `reply` that starts with `start` says."""
        return self.say(next(button for button in reply.buttons if button.startswith(start)))

    def ask(self) -> Reply:
        """A question that has nothing to do with tour or placing."""
        return self.say("...?", "risk", dimensions=("risk",), parties=("public",), facet="describe")


def say_first(name: str, language: str) -> str:
    """What the button of a command says."""
    return K.onboarding_phrases.commands[name][language][0].capitalize()


def right_letter(question_text: str) -> str:
    """The letter of the right option of the question with this text, in any language."""
    for question in questions():
        if question_text in (question.text.da, question.text.en):
            return "abcd"[[option.right for option in question.options].index(True)]
    raise AssertionError(f"no such question: {question_text}")


def questions() -> List:
    """All questions of the tour in their order."""
    return [question for stop in K.onboarding.tour.stops for question in stop.questions]
