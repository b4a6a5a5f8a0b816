"""Answers from the comparison, the overview and the background, follow-ups included."""
from actions.conversation import Responding


class ActionAnswer(Responding):
    """Answer a question about the dimensions, all of them, or what the source says around them."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_answer"
