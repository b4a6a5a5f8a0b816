"""The shapes of the files in `knowledge/`: what stands in them and what may not, as immutable models."""
from __future__ import annotations

from typing import Tuple

from pydantic import BaseModel, ConstrainedStr, Field, validator


def capitalised(text: str) -> str:
    """With its first letter in capitals, and the others as they are."""
    return text[:1].upper() + text[1:]


class Words(ConstrainedStr):
    """A text that is not empty and not only spaces."""

    strict = True  # YAML reads yes, no and on as true and false; such words need quotes
    strip_whitespace = True
    min_length = 1


class Frozen(BaseModel):
    """Base of all file models: immutable, and strict about keys that nobody knows."""

    class Config:
        frozen = True
        extra = "forbid"

    @validator("*")
    def _no_empty_list(cls, value: object) -> object:
        if value == ():
            raise ValueError("the list is empty")
        return value


class Text(Frozen):
    """One text in both languages."""

    da: Words
    en: Words

    def __getitem__(self, language: str) -> str:
        return getattr(self, language)


class SourcePoint(Text):
    """A statement as it stands in the file; `point` counts from 1, 0 is the heading itself."""

    id: Words
    point: int = Field(ge=0)


class BackgroundPoint(SourcePoint):
    """A statement from around the table, with the heading that it stands under."""

    section: Words


class Advice(Text):
    """One suggestion of our own."""

    id: Words


class Axis(Frozen):
    """A scale of five steps between two poles, and the step of each party."""

    left: Text
    right: Text
    private: int = Field(ge=1, le=5)
    public: int = Field(ge=1, le=5)


class Summary(Text):
    """A sentence or two that says some points of a row at once; `points` names them."""

    points: Tuple[int, ...]


class PartyView(Frozen):
    """What the source says about one party in one dimension."""

    answer: Summary
    why: Summary
    statements: Tuple[SourcePoint, ...]


class PartyViews(Frozen):
    """Both parties' views; a file without one of them is refused."""

    private: PartyView
    public: PartyView

    def __getitem__(self, party: str) -> PartyView:
        return getattr(self, party)


class Dimension(Frozen):
    """One row of the source's table."""

    id: Words
    row: Words
    name: Text
    explanation: Text
    question: Text
    axis: Axis
    contrast: Text
    parties: PartyViews


class PartyName(Frozen):
    """What a party is called, and its column in the source's table."""

    column: Words
    name: Text
    plural: Text
    title: Text


class PartyNames(Frozen):
    """The names of both parties."""

    private: PartyName
    public: PartyName

    def __getitem__(self, party: str) -> PartyName:
        return getattr(self, party)


class ComparisonFile(Frozen):
    """knowledge/comparison.yml"""

    document: Text
    table: Words
    parties: PartyNames
    dimensions: Tuple[Dimension, ...]


class Topic(Frozen):
    """One topic of what the source says around its table."""

    id: Words
    name: Text
    question: Text
    answer: Text
    statements: Tuple[BackgroundPoint, ...]


class BackgroundFile(Frozen):
    """knowledge/background.yml"""

    topics: Tuple[Topic, ...]


class Readers(Frozen):
    """Suggestions for a reader on each side."""

    private: Tuple[Advice, ...]
    public: Tuple[Advice, ...]

    def __getitem__(self, party: str) -> Tuple[Advice, ...]:
        return getattr(self, party)


class DimensionAdvice(Frozen):
    """Our suggestions for one dimension."""

    id: Words
    readers: Readers


class AdviceFile(Frozen):
    """knowledge/advice.yml"""

    dimensions: Tuple[DimensionAdvice, ...]


class PhrasesFile(Frozen):
    """knowledge/phrases.yml: every fixed text of the replies."""

    greeting: Text
    goodbye: Text
    thanks: Text
    help: Text
    bot_challenge: Text
    chitchat: Text
    affirm: Text
    deny: Text
    tell_side_private: Text
    tell_side_public: Text
    tell_side_unknown: Text
    out_of_scope: Text
    which_dimension: Text
    which_of_two: Text
    too_long: Text
    forgotten: Text
    not_forgotten: Text
    trouble: Text
    trouble_compared: Text
    trouble_again: Text
    not_kept: Text
    not_read: Text
    verdict_yes: Text
    verdict_no: Text
    verdict_unsaid: Text
    no_cause: Text
    corrected_one: Text
    corrected_both: Text
    compared: Text
    suggestions_title: Text
    suggestion_for: Text
    typically: Text
    overview: Text
    source: Text
    source_row: Text
    source_points: Text
    source_table: Text
    source_section: Text
    and_more: Text
    or_more: Text
    ask_private: Text
    ask_public: Text
    ask_why: Text
    ask_advice: Text
    ask_overview: Text
    say_private: Text
    say_public: Text


class PageFile(Frozen):
    """knowledge/page.yml: what the page says that is no reply; four questions to click."""

    examples: Tuple[Text, Text, Text, Text]


class Masks(Frozen):
    """What takes the place of personal numbers and addresses; the same in both languages."""

    email: Words
    card: Words
    cpr: Words
    phone: Words

    def __getitem__(self, kind: str) -> str:
        return getattr(self, kind)


class Wordings(Frozen):
    """Ways to say one thing, in each language."""

    da: Tuple[Words, ...]
    en: Tuple[Words, ...]

    def __getitem__(self, language: str) -> Tuple[str, ...]:
        return getattr(self, language)


class PrivacyFile(Frozen):
    """knowledge/privacy.yml: masks, the words by which numbers are told apart, and how a person has a conversation deleted."""

    masks: Masks
    phone_words: Tuple[Words, ...]
    other_words: Tuple[Words, ...]
    units: Tuple[Words, ...]
    forget: Wordings
    polite: Tuple[Words, ...]
