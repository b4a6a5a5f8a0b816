"""The texts of the page and the widget: Danish and English are equals, and web/src uses each of them."""
import json
import re
from typing import Dict, Set

import pytest

from opi_advisor.project import ROOT

WEB = ROOT / "web"
SAME_IN_BOTH = {"name", "send", "scale"}


def strings(language: str) -> Dict[str, str]:
    pairs = json.loads((WEB / "strings" / f"{language}.json").read_text(encoding="utf-8"), object_pairs_hook=list)
    assert len({key for key, _ in pairs}) == len(pairs), "a key stands twice"
    return dict(pairs)


def placeholders(text: str) -> Set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


DANISH, ENGLISH = strings("da"), strings("en")
SOURCES = "\n".join(path.read_text(encoding="utf-8") for path in sorted((WEB / "src").rglob("*.ts")))
PAGE = (WEB / "index.html").read_text(encoding="utf-8")


def test_both_languages_have_the_same_keys_in_the_same_order():
    assert list(DANISH) == list(ENGLISH)


@pytest.mark.parametrize("key", DANISH)
def test_both_languages_say_something_of_their_own(key: str):
    assert DANISH[key].strip() and ENGLISH[key].strip()
    assert (DANISH[key] == ENGLISH[key]) == (key in SAME_IN_BOTH)


@pytest.mark.parametrize("key", DANISH)
def test_placeholders_are_the_same_in_both_languages(key: str):
    assert placeholders(DANISH[key]) == placeholders(ENGLISH[key])


@pytest.mark.parametrize("key", DANISH)
def test_each_text_is_used(key: str):
    assert f'"{key}"' in SOURCES or f"{{{{da.{key}}}}}" in PAGE


def test_each_used_text_exists():
    used = set(re.findall(r'translate\([\w.]+, "(\w+)"', SOURCES)) | set(re.findall(r"\{\{(?:da|en)\.(\w+)\}\}", PAGE))
    assert used and used <= set(DANISH)


def test_the_code_holds_no_text_of_its_own():
    words_between_tags = re.compile(r">\s*([A-Za-zÆØÅæøå][^<>${}`\"=;()]*?)\s*</[a-z]")
    assert not words_between_tags.findall(SOURCES)
