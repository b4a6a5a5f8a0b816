"""Small talk: greetings, thanks, help, who the assistant is, and being told the asker's side."""
from actions.conversation import Responding


class ActionSmallTalk(Responding):
    """Answer what is no question about partners."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_small_talk"
