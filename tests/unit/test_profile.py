"""The one-page profile and the sheet of the whole comparison: what stands in them, in both languages, and that it is only text."""
import itertools
import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from shutil import copytree
from typing import List

import pytest
from markupsafe import escape

from opi_advisor.knowledge import DIMENSIONS, LANGUAGES, PARTIES, default_knowledge, load_knowledge, other_party
from opi_advisor.placements import Placements, gaps, read_placements
from opi_advisor.profile import TALKING_POINTS, make_profile
from opi_advisor.project import KNOWLEDGE
from opi_advisor.knowledge_files import capitalised
from opi_advisor.sheet_html import STYLE, comparison_html, is_sheet, profile_html, refused_html

DAY = date(2026, 3, 5)
KNOWN = default_knowledge()
PLACED = "goals=1-5&incentives=x-3&horizon=2-2&risk=4-2&decision_speed=5-2&organisation_type=1-4"
ALL_ALIKE = "&".join(f"{name}=3-3" for name in DIMENSIONS)
in_both_languages = pytest.mark.parametrize("language", LANGUAGES)
for_every_reader = pytest.mark.parametrize("side", (*PARTIES, None))


class Reader(HTMLParser):
    """Reads a page as a person would: its text, its headings, and the words of its pictures."""

    VOID = {"meta", "circle", "rect", "line"}

    def __init__(self, html: str):
        super().__init__()
        self.open: List[str] = []
        self.pieces: List[str] = []
        self.levels: List[int] = []
        self.pictures: List[str] = []
        self.feed(html)
        self.close()
        assert not self.open, f"not closed: {self.open}"
        self.text = " ".join(" ".join(self.pieces).split())

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag not in self.VOID:
            self.open.append(tag)
        if re.fullmatch("h[1-6]", tag):
            self.levels.append(int(tag[1]))
        if values.get("role") == "img":
            self.pictures.append(values["aria-label"])

    def handle_startendtag(self, tag, attributes):
        assert tag in self.VOID

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open and "title" not in self.open:
            self.pieces.append(data)


def placements(query: str, side=None) -> Placements:
    return read_placements("&".join(filter(None, (f"side={side}" if side else "", query))))


def profile(query: str = "", side=None, language: str = "da") -> Reader:
    return Reader(profile_html(placements(query, side), language, DAY, KNOWN, "./"))


def pointing(points, language):
    """The points of a row as the sheet names them."""
    one, more, joint = {"da": ("punkt", "punkt", "og"), "en": ("point", "points", "and")}[language]
    if len(points) == 1:
        return f"{one} {points[0]}"
    return f"{more} {points[0]}–{points[-1]}" if points[-1] - points[0] == len(points) - 1 else f"{more} {points[0]} {joint} {points[1]}"


@in_both_languages
@for_every_reader
@pytest.mark.parametrize("query", ("", PLACED), ids=("typical", "placed"))
def test_every_sentence_stands_with_its_place_in_the_source(language, side, query):
    text = profile(query, side, language).text
    for dimension in KNOWN.dimensions.values():
        for party in PARTIES:
            answer, title = dimension.parties[party].answer, KNOWN.comparison.parties[party].title[language]
            assert f"{answer[language]} {title}, {pointing(answer.points, language)}" in text
        assert re.search(rf"(Rækken|Row) [»\"] ?{re.escape(dimension.row)} ?[«\"]", text), dimension.row
        assert capitalised(dimension.name[language]) in text
    assert KNOWN.comparison.document[language] in text and KNOWN.comparison.table in text


@in_both_languages
@for_every_reader
def test_every_scale_says_in_words_where_the_parties_typically_are(language, side):
    pictures = profile("", side, language).pictures
    assert len(pictures) == len(DIMENSIONS)
    for picture, dimension in zip(pictures, KNOWN.dimensions.values()):
        for words in (dimension.name, dimension.axis.left, dimension.axis.right):
            assert words[language] in picture
        for party in PARTIES:
            joint = {"da": "på", "en": "at"}[language]
            assert f"{KNOWN.comparison.parties[party].name[language]} {joint} {getattr(dimension.axis, party)}" in picture


def test_placements_stand_beside_the_typical_and_what_is_not_known_is_said():
    html = profile_html(placements(PLACED, "public"), "da", DAY, KNOWN, "./")
    pictures = Reader(html).pictures
    assert "Jeres placering: den offentlige part på 2, den private part på 4." in pictures[list(DIMENSIONS).index("risk")]
    assert "den offentlige part på 3, den private part er ikke placeret." in pictures[list(DIMENSIONS).index("incentives")]
    assert all("Typisk: " in picture for picture in pictures)
    assert html.count('placed" cx=') == 6 + 1 and html.count('placed" x=') == 5 + 1  # and one of each in the legend
    assert "Jeres placering" not in profile("").text


def test_two_on_the_same_step_stand_beside_each_other():
    html = profile_html(placements("horizon=2-2"), "da", DAY, KNOWN, "./")
    circle = float(re.search(r'placed" cx="([\d.]+)" cy="21"', html).group(1))
    square = float(re.search(r'placed" x="([\d.]+)" y="16"', html).group(1))
    assert abs(circle - (square + 5)) >= 11


@for_every_reader
def test_without_placements_the_widest_typical_gaps_are_talked_about_in_the_order_of_the_file(side):
    points = make_profile(placements("", side), "da", KNOWN).talking_points
    sizes = {name: abs(dimension.axis.private - dimension.axis.public) for name, dimension in KNOWN.dimensions.items()}
    widest = sorted(sizes, key=lambda name: -sizes[name])[:3]
    assert [point.name for point in points] == [KNOWN.dimensions[name].name.da for name in widest]
    assert not any(point.is_placed for point in points)


def test_with_placements_the_widest_gaps_are_talked_about():
    points = make_profile(placements(PLACED), "en", KNOWN).talking_points
    wanted = [gap.dimension for gap in gaps(placements(PLACED))][:3]
    assert [point.name for point in points] == [KNOWN.dimensions[name].name.en for name in wanted]
    assert wanted[0] == "goals" and points[0].places == {"private": 1, "public": 5} and all(point.is_placed for point in points)


def test_too_few_gaps_are_made_up_with_typical_ones_and_never_with_what_was_placed_alike():
    points = make_profile(placements("risk=1-2&goals=3-3&incentives=x-4"), "en", KNOWN).talking_points
    assert [(point.name, point.is_placed) for point in points] == [("risk", True), ("incentives", False), ("time horizon", False)]


@in_both_languages
def test_who_placed_all_alike_is_told_so(language):
    text = profile(ALL_ALIKE, "private", language).text
    assert KNOWN.onboarding_phrases.phrases.result_alike[language] in text
    assert KNOWN.profile.profile.meeting[language] not in text


@in_both_languages
@for_every_reader
def test_what_is_ours_is_marked_as_ours(language, side):
    text = profile(PLACED, side, language).text
    source_part, _, ours = text.partition(KNOWN.profile.profile.ours[language])
    ours, _, _ = ours.partition(KNOWN.profile.origin.title[language])
    for item in KNOWN.onboarding.placing.dimensions:
        assert item.clash[language] not in source_part and item.meeting[language] not in source_part
    talked = make_profile(placements(PLACED, side), language, KNOWN).talking_points
    assert len(talked) == TALKING_POINTS
    for point in talked:
        assert point.clash in ours and point.meeting in ours
        assert (point.suggestion in ours) if side else point.suggestion is None
    for dimension in KNOWN.dimensions.values():
        assert not any(dimension.parties[party].answer[language] in ours for party in PARTIES)


@in_both_languages
@pytest.mark.parametrize("side", PARTIES)
def test_the_reader_s_own_side_comes_first_and_the_other_is_the_title(language, side):
    names, text = KNOWN.comparison.parties, profile("", side, language).text
    assert KNOWN.profile.profile.title[language].format(party=names[other_party(side)].name[language]) in text
    assert KNOWN.profile.profile.seen_from[language].format(party=names[side].name[language]) in text
    for dimension in KNOWN.dimensions.values():
        assert text.index(dimension.parties[side].answer[language]) < text.index(dimension.parties[other_party(side)].answer[language])


@in_both_languages
def test_a_reader_of_neither_side_is_not_addressed_as_one(language):
    text = profile(PLACED, None, language).text
    assert KNOWN.profile.profile.title_neutral[language] in text
    assert KNOWN.profile.profile.suggestion[language] not in text
    assert "(jer)" not in text and "(you)" not in text


@pytest.mark.parametrize("language, written", [("da", "5. marts 2026"), ("en", "5 March 2026")])
def test_the_date_is_written_as_people_write_it(language, written):
    assert written in profile("", None, language).text
    assert written in Reader(comparison_html(language, DAY, KNOWN, None)).text


@in_both_languages
def test_the_sheet_has_every_statement_with_its_point(language):
    html = comparison_html(language, DAY, KNOWN, "./")
    for name, dimension in KNOWN.dimensions.items():
        for party in PARTIES:
            for statement in KNOWN.of_party(name, party):
                assert f'<li value="{statement.source.point}">{escape(statement.text[language])}</li>' in html
        assert dimension.row in html
    assert html.count("<li value=") == sum(len(KNOWN.of_party(name, party)) for name in DIMENSIONS for party in PARTIES)


def pages(language, base="./"):
    yield profile_html(placements(PLACED, "public"), language, DAY, KNOWN, base)
    yield profile_html(placements(""), language, DAY, KNOWN, base)
    yield comparison_html(language, DAY, KNOWN, base)
    yield refused_html("...", language, "profile", KNOWN, "./")


@in_both_languages
def test_each_page_is_one_whole_file_that_needs_nothing_from_elsewhere(language):
    for html in pages(language, None):
        assert html.startswith("<!doctype html>") and f'<html lang="{language}">' in html and is_sheet(html)
        assert f"<style>{STYLE}</style>" in html
        assert not re.search(r"<(script|link|img|iframe|object)\b|\bon\w+=| style=|@import|url\(", html)
        assert "{" not in Reader(html).text


@in_both_languages
def test_headings_leave_no_level_out(language):
    for html in pages(language):
        levels = Reader(html).levels
        assert levels[0] == 1 and levels.count(1) == 1 and all(deeper - level <= 1 for level, deeper in zip(levels, levels[1:]))


@in_both_languages
def test_danish_words_of_the_source_are_marked_as_danish(language):
    for html in itertools.islice(pages(language), 3):
        for dimension in KNOWN.dimensions.values():
            assert (f'<span lang="da">{dimension.row}</span>' in html) == (language == "en")


def test_links_lead_to_the_advisor_and_to_the_same_sheet_in_the_other_language():
    html = profile_html(placements("goals=1-5", "public"), "da", DAY, KNOWN, "https://intranet.example/opi/")
    assert re.findall(r'href="([^"]+)"', html) == [
        "https://intranet.example/opi/?lang=da", "https://intranet.example/opi/comparison?lang=da",
        "https://intranet.example/opi/comparison.csv?lang=da",
        "https://intranet.example/opi/profile?lang=en&amp;side=public&amp;goals=1-5"]
    assert "href=" not in profile_html(placements(""), "da", DAY, KNOWN, None)


PLANTED_IN = {
    "comparison.yml": ("Private aktører træffer typisk beslutninger hurtigt.", "Private aktører beslutter typisk hurtigt.",
                       "Beslutnings-hastigheder", "langsomme beslutninger", "Partnere i et OPI-samarbejde"),
    "profile.yml": ("De to sider på seks skalaer",),
}
HOSTILE = '<script>alert("x")</script> & \'{{ 7 * 7 }}\''


def test_texts_are_never_markup(tmp_path: Path):
    copytree(KNOWLEDGE, tmp_path / "knowledge")
    for name, texts in PLANTED_IN.items():
        path = tmp_path / "knowledge" / name
        content = path.read_text(encoding="utf-8")
        for text in texts:
            assert text in content
            content = re.sub(rf"(?<=: ){re.escape(text)}(?=[,\n])", lambda found: in_yaml(HOSTILE), content)
        path.write_text(content, encoding="utf-8")
    hostile = load_knowledge(tmp_path / "knowledge")
    for html in (profile_html(placements("", "public"), "da", DAY, hostile, "./"), comparison_html("da", DAY, hostile, "./"),
                 refused_html(HOSTILE, "da", "profile", hostile, "./")):
        assert "<script" not in html and str(escape(HOSTILE)) in html
        assert HOSTILE in Reader(html).text


def in_yaml(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
