"""The links that replies of tour and placing carry; each begins with "/", which is where the advisor is mounted."""
from __future__ import annotations

from dataclasses import replace
from typing import Optional
from urllib.parse import urlencode

from opi_advisor.knowledge import Knowledge
from opi_advisor.placements import Placements
from opi_advisor.reply import Link


def profile_link(placements: Placements, side: Optional[str], language: str, knowledge: Knowledge) -> Link:
    """The one-page profile to print, with the placements where there are any."""
    return Link(knowledge.onboarding_phrases.phrases.link_profile[language], f"/profile?{_query(replace(placements, side=side), language)}")


def comparison_link(language: str, knowledge: Knowledge) -> Link:
    """The whole comparison to print."""
    return Link(knowledge.onboarding_phrases.phrases.link_comparison[language], f"/comparison?{urlencode({'lang': language})}")


def table_link(language: str, knowledge: Knowledge) -> Link:
    """The whole comparison as a table for a spreadsheet."""
    return Link(knowledge.onboarding_phrases.phrases.link_table[language], f"/comparison.csv?{urlencode({'lang': language})}")


def partner_link(placements: Placements, party: str, language: str, knowledge: Knowledge) -> Link:
    """What one party sends to the other: the page's scales, with the places of `party` in the link itself."""
    query = _query(placements.of(party), language)
    return Link(knowledge.onboarding_phrases.phrases.link_partner[language], f"/?placing&{query}")


def topic_link(dimension: str, language: str, knowledge: Knowledge) -> Link:
    """The page with the question about one dimension."""
    title = knowledge.onboarding_phrases.phrases.link_topic[language].format(dimension=knowledge.dimensions[dimension].name[language])
    return Link(title, f"/#{dimension}")


def _query(placements: Placements, language: str) -> str:
    return "&".join(filter(None, (urlencode({"lang": language}), placements.to_query())))
