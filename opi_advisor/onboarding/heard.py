"""A message as tour and placing hear it: which command or answer it is, in which language, and whether it asks something."""
from __future__ import annotations

from dataclasses import dataclass
from typing import List, Optional, Set, Tuple

from opi_advisor.knowledge import LANGUAGES, PARTIES, Knowledge
from opi_advisor.knowledge_files import Wordings
from opi_advisor.onboarding.hearing import language_of, languages_from, words_of
from opi_advisor.onboarding_file import OnboardingPhrasesFile
from opi_advisor.question import Reading

LONGEST_ANSWER = 12  # words; whoever writes more is telling something else


@dataclass(frozen=True)
class Heard:
    """One message: its reading, the language of the conversation so far and of this reply, the person's side, and whether something
    else was asked since the step that waits."""

    reading: Reading
    language: str
    side: Optional[str]
    waiting: bool
    knowledge: Knowledge

    @property
    def words(self) -> OnboardingPhrasesFile:
        """The file with commands, answers and fixed texts."""
        return self.knowledge.onboarding_phrases

    @property
    def languages(self) -> List[str]:
        """Both languages, that of the conversation first."""
        return languages_from(self.language)

    def told_side(self) -> Optional[Tuple[Optional[str], str]]:
        """The side that the message answers with (None: neither), and the language; None where it is no such answer."""
        for side, name in ((None, "neither"), *((party, party) for party in PARTIES)):
            language = self.answer(name)
            if language:
                return side, language
        return (self.reading.side, self.language) if self.reading.side and not self.asks else None

    def command(self, name: str) -> Optional[str]:
        """The language in which the message is the command `name`; None where it is not."""
        return self.says(self.words.commands[name])

    def answer(self, name: str) -> Optional[str]:
        """The language in which the message is the answer `name`; None where it is not."""
        return self.says(self.words.answers[name])

    def says(self, wordings: Wordings) -> Optional[str]:
        """The language in which the message is nothing but one of `wordings`; None where it is not."""
        return language_of(self.reading.text, wordings, self.words.fillers, self.language)

    @property
    def asks(self) -> bool:
        """Whether it looks like a question of its own, and not like an answer to ours."""
        words = words_of(self.reading.text)
        starts_so = bool(words) and words[0] in self._any_of(self.words.question_starts)
        return "?" in self.reading.text or len(words) > LONGEST_ANSWER or starts_so

    @property
    def negates(self) -> bool:
        """Whether something is denied in it, as in "not the company"."""
        return not self._any_of(self.words.negators).isdisjoint(words_of(self.reading.text))

    def _any_of(self, wordings: Wordings) -> Set[str]:
        return {word for language in LANGUAGES for wording in wordings[language] for word in words_of(wording)}
