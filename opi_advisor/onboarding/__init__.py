"""Onboarding: the guided tour, and placing both parties on the six scales. The way of a message through it begins in dialogue.py."""
