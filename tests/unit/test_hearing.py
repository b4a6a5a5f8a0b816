"""Whether a message is one of the wordings that tour and placing wait for, and nothing else."""
import pytest

from opi_advisor.knowledge import LANGUAGES, default_knowledge
from opi_advisor.onboarding.hearing import is_said, words_of

PHRASES = default_knowledge().onboarding_phrases


@pytest.mark.parametrize("text", [
    "next", "Next!", "NEXT", "  next  ", "ok, next please", "let's move on", "next questoin", "could we go on to the next one, please?",
])
def test_a_command_with_fillers_around_it(text):
    assert is_said(text, PHRASES.commands.next.en, PHRASES.fillers.en)


@pytest.mark.parametrize("text", [
    "næste", "Naeste!", "NÆSTE", "tag den næste", "lad os tage den næste, tak", "ok videre", "næsste",
])
def test_a_danish_command_with_or_without_its_letters(text):
    assert is_said(text, PHRASES.commands.next.da, PHRASES.fillers.da)


@pytest.mark.parametrize("text", ["what happens next in the municipality?", "next to the hospital", "", "?", "please", "the company next door"])
def test_any_other_word_makes_it_another_message(text):
    assert not is_said(text, PHRASES.commands.next.en, PHRASES.fillers.en)


def test_negations_are_no_fillers():
    for language, word in (("da", "ikke"), ("en", "not")):
        assert word not in PHRASES.fillers[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_wording_belongs_to_two_commands(language):
    """Apart from those that end the tour with its result, which means the same at either place."""
    seen = {}
    for name in type(PHRASES.commands).__fields__:
        for wording in PHRASES.commands[name][language]:
            key = tuple(words_of(wording))
            assert key, f"{name}: {wording!r} has no word"
            assert seen.setdefault(key, name) == name or {seen[key], name} == {"finish", "result"}, wording


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_wording_is_made_of_fillers_alone(language):
    """Else an empty phrase such as "well, please" would be a command."""
    fillers = {word for filler in PHRASES.fillers[language] for word in words_of(filler)}
    for group in (PHRASES.commands, PHRASES.answers):
        for name in type(group).__fields__:
            for wording in group[name][language]:
                assert name in ("yes", "no") or set(words_of(wording)) - fillers or len(words_of(wording)) > 1, wording
