"""The custom actions of the assistant, one file for each concern."""
