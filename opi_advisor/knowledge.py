"""The knowledge base: what the source says and what we suggest, read from `knowledge/` into immutable objects."""
from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import AbstractSet, Dict, Iterator, List, Mapping, Optional, Tuple, Type, TypeVar

from pydantic import ValidationError

from opi_advisor.knowledge_files import (
    AdviceFile, BackgroundFile, ComparisonFile, Dimension, Frozen, PageFile, PhrasesFile, PrivacyFile, Readers, Text, Topic,
)
from opi_advisor.onboarding_file import LETTERS, Answers, OnboardingFile, OnboardingPhrasesFile, QuizQuestion
from opi_advisor.profile_file import ProfileFile
from opi_advisor.project import KNOWLEDGE
from opi_advisor.yaml_source import ContentError, KeyPath, Problem, YamlSource, read_yaml

DIMENSIONS = ("goals", "incentives", "horizon", "risk", "decision_speed", "organisation_type")
PARTIES = ("private", "public")
LANGUAGES = ("da", "en")

Model = TypeVar("Model", bound=Frozen)


@dataclass(frozen=True)
class Source:
    """Where a statement stands: the document, the row or heading, the party's column, the point (0: heading)."""

    document: str
    row: str
    party: Optional[str]
    point: int


@dataclass(frozen=True)
class Statement:
    """One statement of the source, with its stable id and its place."""

    id: str
    text: Text
    source: Source


@dataclass(frozen=True)
class Knowledge:
    """Everything the advisor knows. Build it with `load_knowledge`."""

    comparison: ComparisonFile
    dimensions: Mapping[str, Dimension]
    topics: Mapping[str, Topic]
    advice: Mapping[str, Readers]
    phrases: PhrasesFile
    page: PageFile
    onboarding: OnboardingFile
    onboarding_phrases: OnboardingPhrasesFile
    profile: ProfileFile
    privacy: PrivacyFile
    statements: Mapping[str, Statement]

    def of_party(self, dimension: str, party: str) -> Tuple[Statement, ...]:
        """The source's statements about `party` in `dimension`, in the source's order."""
        points = self.dimensions[dimension].parties[party].statements
        return tuple(self.statements[point.id] for point in points)

    def of_topic(self, topic: str) -> Tuple[Statement, ...]:
        """The source's statements on a background topic."""
        return tuple(self.statements[point.id] for point in self.topics[topic].statements)


def other_party(party: str) -> str:
    """The party across the table."""
    return PARTIES[1 - PARTIES.index(party)]


@lru_cache(maxsize=None)
def default_knowledge() -> Knowledge:
    """The project's own knowledge base, read once in a process."""
    return load_knowledge(KNOWLEDGE)


def load_knowledge(folder: Path) -> Knowledge:
    """Read and check the files in `folder`.

    Raises:
        ContentError: with every problem in every file, each with file, line and how to mend it.
    """
    problems: List[Problem] = []
    files: Dict[str, Tuple[YamlSource, Frozen]] = {}
    for name, model in (("comparison.yml", ComparisonFile), ("background.yml", BackgroundFile),
                        ("advice.yml", AdviceFile), ("phrases.yml", PhrasesFile), ("page.yml", PageFile),
                        ("onboarding.yml", OnboardingFile), ("onboarding_phrases.yml", OnboardingPhrasesFile),
                        ("profile.yml", ProfileFile), ("privacy.yml", PrivacyFile)):
        try:
            source = read_yaml(folder / name)
            files[name] = (source, _parse(source, model))
        except ContentError as error:
            problems += error.problems
    for name, (source, parsed) in files.items():
        problems += _cross_checks(source, parsed)
    if not problems:
        problems += _check_onboarding(files["onboarding.yml"][0], *(parsed for _, parsed in files.values()))
    if problems:
        raise ContentError(problems)
    return _assemble(*(parsed for _, parsed in files.values()))


def _parse(source: YamlSource, model: Type[Model]) -> Model:
    try:
        return model.parse_obj(source.data)
    except ValidationError as error:
        raise ContentError([_problem(source, item) for item in error.errors()])


_MENDS = {
    "value_error.missing": ("'{key}' is missing", "Add '{key}:' here, in the same form as its neighbours."),
    "value_error.extra": ("'{key}' is not known here", "Remove it, or check its spelling."),
    "value_error.any_str.min_length": ("'{key}' is empty", "Write its text."),
    "type_error.str": ("'{key}' has something that is no text", "Put words that YAML reads otherwise (yes, no, on, 1) in quotes."),
    "type_error.none.not_allowed": ("'{key}' is empty", "Write its content."),
}


def _problem(source: YamlSource, item: dict) -> Problem:
    path: KeyPath = tuple(part for part in item["loc"] if part != "__root__")
    key = next((part for part in reversed(path) if isinstance(part, str)), source.path.name)
    what, mend = _MENDS.get(item["type"], (f"'{{key}}' can't be used ({item['msg']})", "Write it as its neighbours are written."))
    return source.problem(path, what.format(key=key), mend.format(key=key))


def _cross_checks(source: YamlSource, parsed: Frozen) -> Iterator[Problem]:
    """What one model alone can't see: unknown and missing dimensions, ids used twice, summaries of no point."""
    if isinstance(parsed, (ComparisonFile, AdviceFile)):
        yield from _check_dimensions(source, [dimension.id for dimension in parsed.dimensions])
    if isinstance(parsed, ComparisonFile):
        yield from _check_points(source, parsed)
    yield from _check_ids(source)


def _check_dimensions(source: YamlSource, found: List[str], path: KeyPath = ("dimensions",), key: str = "id") -> Iterator[Problem]:
    for index, name in enumerate(found):
        if name not in DIMENSIONS:
            yield source.problem(path + (index, key), f"unknown dimension '{name}'", f"Use one of: {', '.join(DIMENSIONS)}.")
    for name in DIMENSIONS:
        if name not in found:
            yield source.problem(path, f"the dimension '{name}' is missing", "Add it to the list.")


def _check_points(source: YamlSource, comparison: ComparisonFile) -> Iterator[Problem]:
    for index, dimension in enumerate(comparison.dimensions):
        for party in PARTIES:
            view = dimension.parties[party]
            known = {statement.point for statement in view.statements}
            base: KeyPath = ("dimensions", index)
            for summary, points in (("answer", view.answer.points), ("why", view.why.points)):
                path = base + ("parties", party, summary, "points")
                for point in sorted(set(points) - known):
                    yield source.problem(path, f"point {point} has no statement", "Name only points that stand under 'statements'.")
            for number, statement in enumerate(view.statements):
                path = base + ("parties", party, "statements", number, "id")
                expected = f"{dimension.id}.{party}.{statement.point}"
                if statement.id != expected:
                    yield source.problem(path, f"the id '{statement.id}' does not fit its place", f"Write '{expected}'.")


def _check_ids(source: YamlSource) -> Iterator[Problem]:
    seen: Dict[str, int] = {}
    for path, value in _ids(source.data, ()):
        if value in seen:
            yield source.problem(path, f"the id '{value}' is used twice (first in line {seen[value]})", "Give each entry an id of its own.")
        seen.setdefault(value, source.line(path))


def _ids(data: object, path: KeyPath) -> Iterator[Tuple[KeyPath, str]]:
    children = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, child in children:
        if key == "id" and isinstance(child, str):
            yield path + (key,), child
        yield from _ids(child, path + (key,))


def _check_onboarding(source: YamlSource, comparison: ComparisonFile, background: BackgroundFile, advice: AdviceFile,
                      phrases: PhrasesFile, page: PageFile, onboarding: OnboardingFile, said: OnboardingPhrasesFile,
                      profile: ProfileFile, privacy: PrivacyFile) -> Iterator[Problem]:
    """What the tour and the placing name must exist, and every dimension must have its stop."""
    yield from _check_dimensions(source, [item.dimension for item in onboarding.placing.dimensions], ("placing", "dimensions"), "dimension")
    yield from _check_dimensions(source, [stop.dimension for stop in onboarding.tour.stops], ("tour", "stops"), "dimension")
    known = {point.id for row in comparison.dimensions for party in PARTIES for point in row.parties[party].statements}
    known |= {point.id for topic in background.topics for point in topic.statements}
    advised = {(item.id, party): {one.id for one in item.readers[party]} for item in advice.dimensions for party in PARTIES}
    for number, stop in enumerate(onboarding.tour.stops):
        path: KeyPath = ("tour", "stops", number)
        for party in PARTIES:
            if stop.suggestion[party] not in advised.get((stop.dimension, party), ()):
                yield source.problem(path + ("suggestion", party), f"advice.yml has no suggestion '{stop.suggestion[party]}' here",
                                     f"Name one that advice.yml has for {stop.dimension}, reader {party}.")
        for index, question in enumerate(stop.questions):
            yield from _check_quiz_question(source, path + ("questions", index), question, known)


def _check_quiz_question(source: YamlSource, path: KeyPath, question: QuizQuestion, known: AbstractSet[str]) -> Iterator[Problem]:
    if not 2 <= len(question.options) <= len(LETTERS):
        yield source.problem(path + ("options",), f"{len(question.options)} options", f"Give 2 to {len(LETTERS)} to choose from.")
    right = sum(option.right for option in question.options)
    if right != 1:
        yield source.problem(path + ("options",), f"{right} options are right", "Mark exactly one with 'right: true'.")
    for number, option in enumerate(question.options):
        if option.means and option.means not in Answers.__fields__:
            yield source.problem(path + ("options", number, "means"), f"'{option.means}' is no group of answers",
                                 f"Use one of: {', '.join(Answers.__fields__)}.")
    for name in question.statements:
        if name not in known:
            yield source.problem(path + ("statements",), f"there is no statement '{name}'", "Name ids of comparison.yml or background.yml.")


def _assemble(comparison: ComparisonFile, background: BackgroundFile, advice: AdviceFile, phrases: PhrasesFile,
              page: PageFile, onboarding: OnboardingFile, onboarding_phrases: OnboardingPhrasesFile, profile: ProfileFile,
              privacy: PrivacyFile) -> Knowledge:
    statements: Dict[str, Statement] = {}
    for dimension in comparison.dimensions:
        for party in PARTIES:
            for point in dimension.parties[party].statements:
                place = Source(comparison.document.da, dimension.row, party, point.point)
                statements[point.id] = Statement(point.id, Text(da=point.da, en=point.en), place)
    for topic in background.topics:
        for point in topic.statements:
            place = Source(comparison.document.da, point.section, None, point.point)
            statements[point.id] = Statement(point.id, Text(da=point.da, en=point.en), place)
    return Knowledge(
        comparison=comparison,
        dimensions=MappingProxyType({dimension.id: dimension for dimension in comparison.dimensions}),
        topics=MappingProxyType({topic.id: topic for topic in background.topics}),
        advice=MappingProxyType({dimension.id: dimension.readers for dimension in advice.dimensions}),
        phrases=phrases,
        page=page,
        onboarding=onboarding,
        onboarding_phrases=onboarding_phrases,
        profile=profile,
        privacy=privacy,
        statements=MappingProxyType(statements),
    )
