"""Check everything that people edit: knowledge base, NLU data, lexicon, domain and rules, with file, line and remedy."""
from __future__ import annotations

from pathlib import Path
from typing import Any, Dict, Iterator, List, Mapping, Tuple

from opi_advisor.knowledge import DIMENSIONS, LANGUAGES, PARTIES, load_knowledge
from opi_advisor.nlu.labels import FACETS, OPEN
from opi_advisor.yaml_source import ContentError, Problem, YamlSource, read_yaml

LABEL_VALUES: Mapping[str, Tuple[Any, ...]] = {
    "lang": LANGUAGES,
    "facet": FACETS,
    "premise": ("none", "holds", "contradicts", OPEN),
    "claim": ("private", "public", "aligned", "swapped"),
    "side": PARTIES,
    "follow_up": (True, False),
    "near": (True, False),
    "phrase": (True, False),
}
LIST_LABELS: Mapping[str, Tuple[str, ...]] = {
    "parties": PARTIES + ("they", "we", "other"),
    "dimensions": DIMENSIONS,
    "topics": (),  # filled from the knowledge base
}
LEXICON_KEYS = ("private", "public", "both", *DIMENSIONS, "number_words", "cardinals", "ordinals", "next", "previous", "last", "negators",
                "wishes", "acting", "own_side", "articles", "joiners", "courtesies")


def check_project(root: Path) -> List[Problem]:
    """All problems in the project at `root`, by file and line; an empty list means that all is well."""
    problems: List[Problem] = []
    topics: Tuple[str, ...] = ()
    try:
        topics = tuple(load_knowledge(root / "knowledge").topics)
    except ContentError as error:
        problems += error.problems
    for check in (lambda: _lexicon(root / "data" / "lexicon.yml"), lambda: _nlu_data(root, topics)):
        try:
            problems += check()
        except ContentError as error:
            problems += error.problems
    return sorted(set(problems))


def _lexicon(path: Path) -> Iterator[Problem]:
    source = read_yaml(path)
    for key in LEXICON_KEYS:
        for language in LANGUAGES:
            words = (source.data.get(key) or {}).get(language)
            if not words or not all(isinstance(word, str) for word in words):
                yield source.problem((key, language), f"'{key}' needs a list of words in '{language}'",
                                     "Write words as text; put those that YAML reads otherwise (no, on, 1) in quotes.")
            elif key == "wishes" and not all(wish.count(" ... ") == 1 for wish in words):
                yield source.problem((key, language), "a wish has two halves", "Write them with ' ... ' between: get ... to")


def _nlu_data(root: Path, topics: Tuple[str, ...]) -> Iterator[Problem]:
    domain = read_yaml(root / "domain.yml")
    intents = set(domain.data["intents"])
    used: Dict[str, Dict[str, int]] = {language: {} for language in LANGUAGES}
    seen: Dict[str, Tuple[str, str]] = {}
    for language in LANGUAGES:
        folder = root / "data" / "nlu" / language
        for name in sorted({path.name for other in LANGUAGES for path in (folder.parent / other).glob("*.yml")}):
            if not (folder / name).is_file():
                yield Problem(f"{language}/{name}", 1, "the file is missing in this language",
                              "Both languages have the same files; write its examples.")
                continue
            source = read_yaml(folder / name)
            yield from _nlu_file(source, language, intents, topics, used[language], seen)
    for intent in sorted(intents):
        for language in LANGUAGES:
            if not used[language].get(intent):
                yield domain.problem(("intents",), f"the intent '{intent}' has no examples in '{language}'",
                                     f"Write some under data/nlu/{language}, or remove the intent.")
    yield from _rules(root / "data" / "rules" / "rules.yml", domain, intents)


def _nlu_file(source: YamlSource, language: str, intents: set, topics: Tuple[str, ...], used: Dict[str, int],
              seen: Dict[str, Tuple[str, str]]) -> Iterator[Problem]:
    for index, group in enumerate(source.data.get("nlu") or ()):
        path = ("nlu", index)
        intent = group.get("intent")
        if intent not in intents:
            yield source.problem(path + ("intent",), f"the intent '{intent}' is not in domain.yml", "Correct its name, or add it there.")
        metadata = group.get("metadata") or {}
        yield from _labels(source, path + ("metadata",), metadata, topics)
        if metadata.get("lang") != language:
            yield source.problem(path + ("metadata", "lang"), f"'lang' is not '{language}'", f"Write 'lang: {language}', or move the group.")
        lines = [line for line in (group.get("examples") or "").splitlines() if line.strip()]
        if not lines:
            yield source.problem(path, "the group has no examples", "Write some, or remove the group.")
        for offset, line in enumerate(lines, 1):
            yield from _example(source, path, offset, line, intent, seen)
        used[intent] = used.get(intent, 0) + len(lines)


def _labels(source: YamlSource, path: Tuple[Any, ...], metadata: Mapping[str, Any], topics: Tuple[str, ...]) -> Iterator[Problem]:
    lists = {**LIST_LABELS, "topics": topics}
    for key, value in metadata.items():
        if key in LABEL_VALUES:
            wrong = [] if value in LABEL_VALUES[key] else [value]
            allowed: Tuple[Any, ...] = LABEL_VALUES[key]
        elif key in lists:
            allowed = lists[key]
            wrong = [item for item in (value if isinstance(value, list) else [value]) if item not in allowed]
        else:
            yield source.problem(path + (key,), f"the label '{key}' is not known", f"Use one of: {', '.join([*LABEL_VALUES, *lists])}.")
            continue
        for item in wrong:
            yield source.problem(path + (key,), f"'{key}' can't be '{item}'", f"Use one of: {', '.join(map(str, allowed))}.")


def _example(source: YamlSource, path: Tuple[Any, ...], offset: int, line: str, intent: str,
             seen: Dict[str, Tuple[str, str]]) -> Iterator[Problem]:
    def problem(what: str, mend: str) -> Problem:
        return Problem(source.path.name, source.line(path + ("examples",)) + offset, what, mend)

    if not line.startswith("- "):
        yield problem("an example must begin with '- '", "Add it.")
        return
    text = " ".join(line[2:].casefold().split())
    if "[" in text or "{" in text or text.startswith("/"):
        yield problem("an example may not have [ or {, nor begin with /", "Reword it; Rasa would read them as markup.")
    other_intent, other_file = seen.get(text, (intent, ""))
    here = f"{source.path.parent.name}/{source.path.name}"
    twice = other_file.split("/")[0] == here.split("/")[0]  # "ok" may stand in both languages
    if other_intent != intent or twice:
        what = "stands twice" if other_intent == intent else f"stands under '{other_intent}' as well"
        yield problem(f"the example '{line[2:]}' {what} (also in {other_file})", "Keep it in one place.")
    seen[text] = (intent, here)


def _rules(path: Path, domain: YamlSource, intents: set) -> Iterator[Problem]:
    source = read_yaml(path)
    ruled, acted = set(), set()
    for index, rule in enumerate(source.data.get("rules") or ()):
        for number, step in enumerate(rule.get("steps") or ()):
            place = ("rules", index, "steps", number)
            if "intent" in step:
                ruled.add(step["intent"])
                if step["intent"] not in intents:
                    yield source.problem(place, f"the intent '{step['intent']}' is not in domain.yml", "Correct its name.")
            if "action" in step:
                acted.add(step["action"])
                if step["action"] not in domain.data["actions"]:
                    yield source.problem(place, f"the action '{step['action']}' is not in domain.yml", "Correct its name.")
    for intent in sorted(intents - ruled):
        yield domain.problem(("intents",), f"no rule answers the intent '{intent}'", "Add one to data/rules/rules.yml.")
    for action in sorted(set(domain.data["actions"]) - acted):
        yield domain.problem(("actions",), f"no rule uses the action '{action}'", "Remove it, or add a rule.")
