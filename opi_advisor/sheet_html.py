"""The printable sheets as HTML: each one self-contained file, its style inside, without scripts. The markup is in templates/."""
from __future__ import annotations

import hashlib
from base64 import b64encode
from datetime import date
from pathlib import Path
from typing import Any, Dict, Optional, Sequence
from urllib.parse import urlencode

from babel.dates import format_date
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from opi_advisor.knowledge import LANGUAGES, PARTIES, Knowledge
from opi_advisor.knowledge_files import Frozen, capitalised
from opi_advisor.placements import PLACES, Placements
from opi_advisor.profile import make_profile

TEMPLATES = Path(__file__).with_name("templates")
STYLE = (TEMPLATES / "sheet.css").read_text(encoding="utf-8")
STYLE_HASH = f"sha256-{b64encode(hashlib.sha256(STYLE.encode('utf-8')).digest()).decode('ascii')}"  # for a content security policy
MADE_BY = Markup('<meta name="generator" content="OPI Advisor">')
_DATES = {"da": "da", "en": "en_GB"}
_ENVIRONMENT = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
                           lstrip_blocks=True, keep_trailing_newline=True)
_ENVIRONMENT.filters["capitalised"] = capitalised


def profile_html(placements: Placements, language: str, day: date, knowledge: Knowledge, base: Optional[str]) -> str:
    """The one-page profile, made on `day`; `base` is where the advisor is, for links, and None where that is not known."""
    links = _links("profile", language, placements, knowledge, base)
    return _render("profile.html", language, knowledge, links, date=_written(day, language), places=PLACES,
                   profile=make_profile(placements, language, knowledge))


def comparison_html(language: str, day: date, knowledge: Knowledge, base: Optional[str]) -> str:
    """The whole comparison with every statement, made on `day`; `base` as for the profile."""
    links = _links("comparison", language, Placements(), knowledge, base)
    return _render("comparison.html", language, knowledge, links, date=_written(day, language), columns=PARTIES,
                   dimensions=knowledge.dimensions.values(), statements_of=knowledge.of_party)


def refused_html(what: str, language: str, sheet: str, knowledge: Knowledge, base: str) -> str:
    """The page for an address of `sheet` that can't be used; `what` says in a sentence what is wrong with it."""
    links = [
        {"href": _address(base, sheet, language), "title": knowledge.profile.refused.without[language], "language": language},
        {"href": _address(base, "", language), "title": knowledge.profile.screen.advisor[language], "language": language},
    ]
    return _render("refused.html", language, knowledge, links, what=what)


def is_sheet(text: str) -> bool:
    """Whether the text of a file is a sheet that was made here."""
    return MADE_BY in text


def _render(template: str, language: str, knowledge: Knowledge, links: Sequence[Dict[str, str]], **content: Any) -> str:
    texts = knowledge.profile
    return _ENVIRONMENT.get_template(template).render(
        language=language,
        style=Markup(STYLE),
        made_by=MADE_BY,
        links=links,
        document=knowledge.comparison.document[language],
        table=knowledge.comparison.table,
        parties={party: _in_language(knowledge.comparison.parties[party], language) for party in PARTIES},
        typically=knowledge.phrases.typically[language],
        alike=knowledge.onboarding_phrases.phrases.result_alike[language],
        screen=_in_language(texts.screen, language),
        say=_in_language(texts.profile, language),
        sheet=_in_language(texts.sheet, language),
        origin=_in_language(texts.origin, language),
        refused=_in_language(texts.refused, language),
        **content,
    )


def _in_language(texts: Frozen, language: str) -> Dict[str, str]:
    return {name: text if isinstance(text, str) else text[language] for name, text in texts}


def _links(shown: str, language: str, placements: Placements, knowledge: Knowledge, base: Optional[str]) -> Sequence[Dict[str, str]]:
    """What a sheet links to on the screen; nothing where it does not know where the advisor is."""
    if base is None:
        return []
    other, texts, said = LANGUAGES[1 - LANGUAGES.index(language)], knowledge.profile.screen, knowledge.onboarding_phrases.phrases
    sheets = {"": texts.advisor, "profile": said.link_profile, "comparison": said.link_comparison, "comparison.csv": said.link_table}
    return [
        *({"href": _address(base, name, language), "title": title[language], "language": language}
          for name, title in sheets.items() if name != shown),
        {"href": _address(base, shown, other, placements), "title": texts.other_language[language], "language": other},
    ]


def _address(base: str, name: str, language: str, placements: Placements = Placements()) -> str:
    return f"{base}{name}?" + "&".join(filter(None, (urlencode({"lang": language}), placements.to_query())))


def _written(day: date, language: str) -> str:
    return format_date(day, format="long", locale=_DATES[language])
