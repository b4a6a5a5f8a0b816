"""What people edit is in order, and the check that says so notices each kind of mistake."""
import ast
import re
from pathlib import Path
from shutil import copytree, copy

import pytest
import yaml

from opi_advisor.check import check_project
from opi_advisor.knowledge import LANGUAGES, default_knowledge
from opi_advisor.project import ROOT

IDS = Path(__file__).with_name("statement_ids.txt")
PURE = ["question.py", "reply.py", "render.py", "dialogue.py"]


@pytest.fixture()
def copy_of_project(tmp_path: Path) -> Path:
    copytree(ROOT / "knowledge", tmp_path / "knowledge")
    copytree(ROOT / "data", tmp_path / "data")
    copy(ROOT / "domain.yml", tmp_path)
    return tmp_path


def test_the_project_is_in_order():
    assert [str(problem) for problem in check_project(ROOT)] == []


@pytest.mark.parametrize(("name", "old", "new", "words"), [
    ("data/nlu/en/risk.yml", "- intent: risk\n", "- intent: danger\n", "'danger' is not in domain.yml"),
    ("data/nlu/en/risk.yml", "facet: why", "facet: reason", "'facet' can't be 'reason'"),
    ("data/nlu/en/risk.yml", "parties: [public]", "parties: [state]", "'parties' can't be 'state'"),
    ("data/nlu/en/risk.yml", "facet: why", "tone: why", "the label 'tone' is not known"),
    ("data/nlu/en/risk.yml", "lang: en", "lang: da", "'lang' is not 'en'"),
    ("data/nlu/en/risk.yml", "    - ", "    * ", "must begin with '- '"),
    ("data/nlu/en/risk.yml", "    - ", "    - thanks\n    - ", "stands under 'risk' as well"),
    ("data/nlu/en/goals.yml", "    - ", "    - a twin\n    - a twin\n    - ", "stands twice"),
    ("data/nlu/en/risk.yml", "    - ", "    - /restart\n    - ", "nor begin with /"),
    ("data/lexicon.yml", '"no"', "no", "'number_words' needs a list of words in 'en'"),
    ("data/rules/rules.yml", "action: action_decline", "action: action_shrug", "'action_shrug' is not in domain.yml"),
    ("data/rules/rules.yml", "  - intent: deny\n", "  - intent: affirm\n", "no rule answers the intent 'deny'"),
    ("domain.yml", "- risk\n", "- risk\n- unused\n", "the intent 'unused' has no examples in 'da'"),
    ("domain.yml", "- action_answer\n", "- action_answer\n- action_unused\n", "no rule uses the action 'action_unused'"),
])
def test_each_mistake_is_noticed(copy_of_project, name, old, new, words):
    path = copy_of_project / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert any(words in str(problem) for problem in check_project(copy_of_project)), words


def test_a_file_missing_in_one_language_is_noticed(copy_of_project):
    (copy_of_project / "data/nlu/en/risk.yml").unlink()
    assert any("missing in this language" in str(problem) for problem in check_project(copy_of_project))


def test_statement_ids_are_never_taken_away():
    """Ids stand in links and exports of others. New ones are added to the list beside this file."""
    assert IDS.read_text(encoding="utf-8").split() == sorted(default_knowledge().statements)


def texts_of(data, path=()):
    """Every text in both languages of a knowledge file: (path, danish, english)."""
    if isinstance(data, dict):
        if set(LANGUAGES) <= set(data) and isinstance(data["da"], str):
            yield path, data["da"], data["en"]
        for key, child in data.items():
            yield from texts_of(child, path + (key,))
    elif isinstance(data, list):
        for index, child in enumerate(data):
            yield from texts_of(child, path + (index,))


@pytest.mark.parametrize("name", sorted(path.name for path in (ROOT / "knowledge").glob("*.yml")))
def test_both_languages_are_written_and_fill_in_the_same(name):
    data = yaml.safe_load((ROOT / "knowledge" / name).read_text(encoding="utf-8"))
    found = list(texts_of(data))
    assert found or name == "privacy.yml"  # which has wordings only
    for path, danish, english in found:
        assert re.findall(r"{\w+}", danish) == re.findall(r"{\w+}", english), path
        if path[-1] != "title" and " " in danish:
            assert danish != english, f"{path} is not translated"
        if " " in danish:
            assert 0.5 < len(danish) / len(english) < 2, path


@pytest.mark.parametrize("path", [*sorted((ROOT / "actions").glob("*.py")), *(ROOT / "opi_advisor" / name for name in PURE),
                                  *sorted((ROOT / "opi_advisor" / "onboarding").glob("*.py"))], ids=lambda path: path.name)
def test_code_that_builds_replies_holds_no_texts(path):
    """Sentences live in knowledge/, where both languages stand side by side."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {id(node.body[0].value) for node in ast.walk(tree)
                  if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and isinstance(node.body[0], ast.Expr)}
    prose = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
             and id(node) not in docstrings and re.search(r"[^\W\d_]{2,} [^\W\d_]{2,}", node.value)]
    assert prose == []
