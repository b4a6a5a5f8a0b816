"""The shapes of knowledge/onboarding.yml and knowledge/onboarding_phrases.yml: the tour, the placing, and what is said in them."""
from __future__ import annotations

from typing import Optional, Tuple

from opi_advisor.knowledge_files import Frozen, Text, Wordings, Words, capitalised

LETTERS = "abcd"  # of the options of a question


class Option(Text):
    """One answer to choose; `means` names a group of wordings that count as it, `words` gives further ones."""

    right: bool
    means: Optional[Words] = None
    words: Optional[Wordings] = None


class QuizQuestion(Frozen):
    """A question to check oneself, with one right option, and the statements that decide it."""

    id: Words
    text: Text
    options: Tuple[Option, ...]
    explanation: Text
    statements: Tuple[Words, ...]


class AdviceIds(Frozen):
    """For a reader on each side, the id of one suggestion in knowledge/advice.yml."""

    private: Words
    public: Words

    def __getitem__(self, party: str) -> str:
        return getattr(self, party)


class Stop(Frozen):
    """One stop of the tour."""

    id: Words
    dimension: Words
    situation: Text
    suggestion: AdviceIds
    questions: Tuple[QuizQuestion, ...]


class TourContent(Frozen):
    """The stops in their order."""

    stops: Tuple[Stop, ...]


class Clash(Frozen):
    """What a wide gap on one scale tends to lead to, and a question for the next meeting; both ours."""

    dimension: Words
    clash: Text
    meeting: Text


class PlacingContent(Frozen):
    """The scales to place oneself on."""

    dimensions: Tuple[Clash, ...]


class OnboardingFile(Frozen):
    """knowledge/onboarding.yml"""

    tour: TourContent
    placing: PlacingContent


class Commands(Frozen):
    """What people write to steer the tour and the placing."""

    start_tour: Wordings
    start_placing: Wordings
    profile: Wordings
    go_on: Wordings
    quiz: Wordings
    next: Wordings
    finish: Wordings
    back: Wordings
    skip: Wordings
    restart: Wordings
    pause: Wordings
    stop: Wordings
    result: Wordings

    def __getitem__(self, name: str) -> Wordings:
        return getattr(self, name)


class Answers(Frozen):
    """What people write for answers that come up again and again."""

    private: Wordings
    public: Wordings
    both: Wordings
    neither: Wordings
    yes: Wordings
    no: Wordings
    unknown: Wordings

    def __getitem__(self, name: str) -> Wordings:
        return getattr(self, name)


class OnboardingPhrases(Frozen):
    """The fixed texts of the tour and the placing."""

    which_side: Text
    say_neither: Text
    tour_title: Text
    tour_start: Text
    label: Text
    lesson_own: Text
    lesson_other: Text
    lesson_party: Text
    situation: Text
    question: Text
    not_an_option: Text
    right: Text
    wrong: Text
    right_option: Text
    first_stop: Text
    paused: Text
    stopped: Text
    summary_score: Text
    summary_all: Text
    summary_right: Text
    summary_again: Text
    summary_open: Text
    summary_end: Text
    offer_tour: Text
    placing_title: Text
    placing_start: Text
    placing_received: Text
    place_own: Text
    place_partner: Text
    place_party: Text
    typical: Text
    not_a_place: Text
    placements_wrong: Text
    placing_paused: Text
    placing_stopped: Text
    step: Text
    steps: Text
    result_gaps: Text
    result_gap: Text
    result_alike: Text
    result_open: Text
    result_unlike: Text
    offer_placing: Text
    profile_title: Text
    profile: Text
    link_profile: Text
    link_comparison: Text
    link_table: Text
    link_partner: Text
    link_topic: Text


class OnboardingPhrasesFile(Frozen):
    """knowledge/onboarding_phrases.yml"""

    phrases: OnboardingPhrases
    commands: Commands
    answers: Answers
    numbers: Wordings
    fillers: Wordings
    question_starts: Wordings
    negators: Wordings

    def button(self, command: str, language: str) -> str:
        """What the button of a command says: the first of its wordings."""
        return capitalised(self.commands[command][language][0])
