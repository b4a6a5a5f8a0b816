"""Onboarding: the guided tour, placing both parties, and what can be printed."""
from actions.conversation import Responding


class ActionOnboard(Responding):
    """Answer who wants to be shown around, to compare their own project's parties, or something to print."""

    def name(self) -> str:
        """The action's name in the domain."""
        return "action_onboard"
