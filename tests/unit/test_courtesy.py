"""Courtesies come off both ends of a message, and off nothing else."""
import pytest
import yaml

from opi_advisor.nlu.courtesy import Courtesy
from opi_advisor.project import LEXICON

COURTESY = Courtesy(yaml.safe_load(LEXICON.read_text(encoding="utf-8")))


@pytest.mark.parametrize(("text", "left"), [
    ("Hi, quick question: why is it so slow? thanks!", "why is it so slow?"),
    ("Hej, hurtigt spørgsmål: hvorfor tør de? Tak!", "hvorfor tør de?"),
    ("hej, hurtigt spoergsmaal: og firmaet? paa forhaand tak", "og firmaet?"),
    ("thanks, and the company?", "and the company?"),
    ("Hello! I work for the region", "I work for the region"),
    ("and the firm, please", "and the firm"),
    ("Hvor hurtige er de? Mit nummer er [telefonnr.].", "Hvor hurtige er de?"),
    ("You can reach me at [e-mail]. Who is bolder?", "Who is bolder?"),
    ("[kortnr.] who is bolder?", "who is bolder?"),
])
def test_courtesies_come_off(text, left):
    assert COURTESY.off(text) == left


@pytest.mark.parametrize("text", [
    "Hi", "tak!", "Thank you very much!", "hej hej", "Hi, thanks!", "", "🙂", "best of both worlds?", "takt og tone i kommunen",
    "Is the best company a fast one?", "why do they say thanks, but no thanks to everything new?",
])
def test_other_messages_stay_as_they_are(text):
    assert COURTESY.off(text) == text
