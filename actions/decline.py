"""What the source does not answer: say so, say what it does cover, and offer the nearest topics."""
from actions.conversation import Responding


class ActionDecline(Responding):
    """Decline a question that the source does not answer."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_decline"
