"""The custom action of the plain assistant: a fixed text and a small piece of data."""
from rasa_sdk import Action


class ActionAnswer(Action):
    def name(self):
        return "action_answer"

    def run(self, dispatcher, tracker, domain):
        intent = tracker.latest_message["intent"].get("name")
        dispatcher.utter_message(text=f"You asked about {intent}. The two parties differ in this.", json_message={"about": intent})
        return []
