"""What comes out of the printer: PDFs by Chromium, each on its A4 page with nothing cut; and the same sheets on the screen."""
import io
import re
from itertools import combinations
from typing import List

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from opi_advisor.knowledge import DIMENSIONS, LANGUAGES, PARTIES, default_knowledge
from opi_advisor.placements import read_placements
from opi_advisor.profile import make_profile
from tests.browser.test_accessibility import APPEARANCES, violations

KNOWN = default_knowledge()
A4 = (595, 842)  # points
PLACED = "goals=1-5&incentives=x-3&horizon=2-2&risk=4-2&decision_speed=5-2&organisation_type=1-4"
SHEETS = {
    "profile": "/profile?lang=da",
    "profile of one side with placements": f"/profile?lang=en&side=private&{PLACED}",
    "comparison": "/comparison?lang=da",
    "refused": "/profile?lang=en&risk=%3Cscript%3E",
}
# Elements with text or a picture that reach out of the page, or whose content is wider than they are.
CUT = """() => [...document.querySelectorAll("main *, footer *")].filter((element) => {
  const box = element.getBoundingClientRect();
  const hidden = getComputedStyle(element).display === "none" || box.width === 0;
  return !hidden && (box.left < -0.5 || box.right > document.documentElement.clientWidth + 0.5
    || element instanceof HTMLElement && getComputedStyle(element).display === "block" && element.scrollWidth > element.clientWidth + 1);
}).map((element) => element.outerHTML.slice(0, 80))"""
OVERLAP = """() => {
  const texts = [...document.querySelectorAll("h1, h2, h3, p, li, th, td, svg.drawing")]
    .filter((element) => element.getBoundingClientRect().height && !element.closest("nav"));
  const meet = (one, other) => one.left < other.right - 1 && other.left < one.right - 1
    && one.top < other.bottom - 1 && other.top < one.bottom - 1;
  return texts.flatMap((one, number) => texts.slice(number + 1)
    .filter((other) => !one.contains(other) && meet(one.getBoundingClientRect(), other.getBoundingClientRect()))
    .map((other) => `${one.textContent.trim()} | ${other.textContent.trim()}`));
}"""


@pytest.fixture()
def open_sheet(new_browser):
    """Opens an address in a new browser."""

    def open_at(address: str, **options) -> Page:
        page = new_browser(**options).new_page()
        page.goto(address)
        return page

    return open_at


def for_side(side, query):
    return "&".join(filter(None, (f"side={side}" if side else "", query)))


def address(language, side=None, query=""):
    return "/profile?" + "&".join(filter(None, (f"lang={language}", for_side(side, query))))


def printed(page: Page) -> PdfReader:
    return PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))


def size(reader: PdfReader, number: int = 0):
    box = reader.pages[number].mediabox
    return round(box.width), round(box.height)


def letters(text: str) -> str:
    """A text without its spaces and breaks, which a PDF does not keep as they were."""
    return re.sub(r"\s+", "", text)


def text_of(reader: PdfReader) -> str:
    return letters("".join(page.extract_text() for page in reader.pages))


def shown_in_print(page: Page) -> List[str]:
    """Every text that the sheet has for print."""
    return page.evaluate("""() => {
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
      while (walker.nextNode()) if (!walker.currentNode.parentElement.closest("nav, .party")) found.push(walker.currentNode.data);
      return found;
    }""")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("side", [*PARTIES, None])
@pytest.mark.parametrize("query", ["", PLACED], ids=["typical", "placed"])
def test_the_profile_is_one_whole_page(open_sheet, language, side, query):
    page = open_sheet(address(language, side, query))
    reader = printed(page)
    assert len(reader.pages) == 1 and size(reader) == A4
    text = text_of(reader)
    missing = [words for words in shown_in_print(page) if letters(words) not in text]
    assert not missing
    for dimension in KNOWN.dimensions.values():
        assert all(letters(dimension.parties[party].answer[language]) in text for party in PARTIES)
    for point in make_profile(read_placements(for_side(side, query)), language, KNOWN).talking_points:
        assert letters(point.clash) in text and letters(point.meeting) in text
    assert letters(KNOWN.profile.screen.how_to_print[language]) not in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("query", ["", PLACED], ids=["typical", "placed"])
def test_nothing_is_cut_or_printed_over(open_sheet, language, query):
    page = open_sheet(address(language, "public", query))
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 710, "height": 1000})  # what A4 leaves between its margins
    assert page.evaluate(CUT) == [] and page.evaluate(OVERLAP) == []


def test_a_planted_cut_is_found(open_sheet):
    page = open_sheet(address("da"))
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 710, "height": 1000})
    page.evaluate("""() => {
      document.querySelector("h1").textContent = "x".repeat(400);
      document.querySelector("h1").style.overflowWrap = "normal";
      document.querySelector(".talk").style.marginTop = "-100px";
    }""")
    assert page.evaluate(CUT) != [] and page.evaluate(OVERLAP) != []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("side", PARTIES)
def test_the_longest_profile_fits_with_wide_letters_too(open_sheet, language, side):
    """Whatever is talked about, and where the font is DejaVu Sans, one of the widest, there is room."""
    page = open_sheet(address(language))
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 710, "height": 500})
    heights = {}
    for talked in combinations(DIMENSIONS, 3):
        page.goto(address(language, side, "&".join(f"{name}={'1-5' if name in talked else '3-3'}" for name in DIMENSIONS)))
        page.evaluate("document.body.style.fontFamily = 'DejaVu Sans'")
        heights[talked] = page.evaluate("document.documentElement.scrollHeight") * 25.4 / 96  # mm
    assert len(heights) == 20 and max(heights.values()) <= 297 - 2 * 11


def test_a_dark_screen_prints_on_white(open_sheet):
    page = open_sheet(address("da", "public", PLACED), color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.querySelector('main')).backgroundColor") == "rgb(23, 34, 39)"
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(21, 35, 43)"
    assert page.evaluate("getComputedStyle(document.querySelector('main')).backgroundColor") == "rgba(0, 0, 0, 0)"
    expect(page.get_by_role("navigation")).to_be_hidden()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_comparison_has_every_statement_and_breaks_no_row(open_sheet, language):
    page = open_sheet(f"/comparison?lang={language}")
    reader = printed(page)
    assert len(reader.pages) <= 2 and size(reader) == A4[::-1]
    texts = [letters(sheet.extract_text()) for sheet in reader.pages]
    for name, dimension in KNOWN.dimensions.items():
        row = [letters(statement.text[language]) for party in PARTIES for statement in KNOWN.of_party(name, party)]
        assert any(all(statement in text for statement in row) for text in texts), name


@pytest.mark.parametrize("appearance", APPEARANCES.values(), ids=APPEARANCES)
@pytest.mark.parametrize("where", SHEETS.values(), ids=SHEETS)
def test_the_sheets_on_the_screen_are_accessible(open_sheet, watch, where, appearance):
    if "script" in where:
        watch.provoke("400 (Bad Request)")
    page = open_sheet(where, **appearance)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "scrolls sideways"


def test_the_table_is_one_on_a_narrow_screen_too(open_sheet):
    page = open_sheet("/comparison?lang=en", **APPEARANCES["phone of 320 pixels"])
    expect(page.get_by_role("table")).to_have_count(1)
    expect(page.get_by_role("row")).to_have_count(len(DIMENSIONS) + 1)
    expect(page.get_by_role("rowheader")).to_have_count(len(DIMENSIONS))
    expect(page.get_by_text("The public partner", exact=True).nth(1)).to_be_visible()


def test_the_links_are_reached_by_keyboard_and_lead_on(open_sheet):
    page = open_sheet(address("da", "public", "goals=1-5"))
    for _ in range(4):
        page.keyboard.press("Tab")
    link = page.get_by_role("link", name="In English")
    expect(link).to_be_focused()
    assert link.evaluate("(link) => getComputedStyle(link).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Know the other side: the private partner")
    assert page.url.endswith("/profile?lang=en&side=public&goals=1-5")


def test_the_way_back_from_a_refused_address(open_sheet, watch):
    watch.provoke("400 (Bad Request)")
    page = open_sheet(SHEETS["refused"])
    page.get_by_role("link", name=KNOWN.profile.refused.without.en).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(KNOWN.profile.profile.title_neutral.en)
