"""Placing both parties with the sliders of the page, alone and by a link to the partner."""
import re

import pytest
from playwright.sync_api import expect

from opi_advisor.knowledge import DIMENSIONS, LANGUAGES, PARTIES
from tests.browser.chat import words
from tests.browser.onboarding import KNOWLEDGE, Sliders, press
from tests.browser.test_hostile_text import assert_harmless
from tests.browser.test_keyboard import FOCUS_OUTLINE, HAS_FOCUS, tab_to

both_languages = pytest.mark.parametrize("language", LANGUAGES)
BOTH = 2 * len(DIMENSIONS)
AXIS = {dimension: KNOWLEDGE.dimensions[dimension].axis for dimension in DIMENSIONS}


def in_words(dimension, place, language):
    axis = AXIS[dimension]
    return words(language, f"place_{place}", left=axis.left[language], right=axis.right[language])


def sent(chat, act):
    """Do what sends placements, and return the body of the request."""
    with chat.page.expect_request("**/api/messages") as request:
        chat.reply_to(act)
    return request.value.post_data_json


@both_languages
def test_the_sliders_stand_in_place_of_the_comparison_until_they_are_cancelled(open_page, language):
    chat = open_page(f"/?lang={language}")
    sliders = Sliders(chat, language)
    sliders.open()
    expect(sliders.heading).to_be_focused()
    expect(chat.page.locator("opi-comparison")).to_be_hidden()
    expect(sliders.all).to_have_count(BOTH)
    sliders.cancel.click()
    expect(sliders.element).to_have_count(0)
    expect(chat.page.locator("opi-comparison")).to_be_visible()
    expect(chat.page.locator(".beginnings button").last).to_be_focused()
    assert chat.questions.count() == 0


@both_languages
def test_nothing_is_claimed_that_nobody_said(open_page, language):
    chat = open_page(f"/?lang={language}")
    sliders = Sliders(chat, language)
    sliders.open()
    for unsure in sliders.unsure.all():
        expect(unsure).to_be_checked()
    for side in sliders.sides.all():
        expect(side).not_to_be_checked()
    for dimension in DIMENSIONS:
        group = sliders.element.get_by_role("group", name=KNOWLEDGE.dimensions[dimension].name[language], exact=False)
        expect(group).to_be_visible()
        for party in PARTIES:
            slider = sliders.of(dimension, party)
            expect(slider).to_have_attribute("aria-valuetext", words(language, "unknown"))
            expect(slider).to_have_accessible_name(re.compile(KNOWLEDGE.comparison.parties[party].name[language], re.I))
            typical = in_words(dimension, getattr(AXIS[dimension], party), language)
            expect(slider).to_have_accessible_description(words(language, "placing_typically", place=typical))


def test_typical_marks_stand_under_their_step(open_page):
    chat = open_page()
    sliders = Sliders(chat)
    sliders.open()
    for dimension in DIMENSIONS:
        for party in PARTIES:
            slider = sliders.of(dimension, party)
            mark = slider.locator("xpath=following-sibling::*").locator("circle, rect").bounding_box()
            line, thumb = slider.bounding_box(), 20
            share = (mark["x"] + mark["width"] / 2 - line["x"] - thumb / 2) / (line["width"] - thumb)
            assert share == pytest.approx((getattr(AXIS[dimension], party) - 1) / 4, abs=0.01)


def test_a_place_is_told_in_words_and_can_be_taken_back(open_page):
    chat = open_page()
    sliders = Sliders(chat)
    sliders.open()
    slider, unsure = sliders.of("risk", "private"), sliders.unsure.nth(2 * DIMENSIONS.index("risk") + 1)
    for place in (1, 2, 3, 4, 5):
        slider.fill(str(place))
        expect(slider).to_have_attribute("aria-valuetext", in_words("risk", place, "da"))
    expect(unsure).not_to_be_checked()
    unsure.check()
    expect(slider).to_have_attribute("aria-valuetext", words("da", "unknown"))
    unsure.uncheck()
    expect(slider).to_have_attribute("aria-valuetext", in_words("risk", 3, "da"))
    unsure.check()
    slider.click()  # on its middle, where it stands already
    expect(slider).to_have_attribute("aria-valuetext", in_words("risk", 3, "da"))
    assert [checkbox.is_checked() for checkbox in sliders.unsure.all()].count(False) == 1


@both_languages
def test_without_a_side_or_a_place_nothing_is_sent(open_page, language):
    chat = open_page(f"/?lang={language}")
    sliders = Sliders(chat, language)
    sliders.open()
    sliders.send.click()
    expect(sliders.refusal).to_have_text(words(language, "placing_no_side"))
    expect(sliders.sides.first).to_be_focused()
    sliders.choose_side("private")
    expect(sliders.refusal).to_be_empty()
    sliders.send.click()
    expect(sliders.refusal).to_have_text(words(language, "placing_empty"))
    expect(sliders.all.first).to_be_focused()
    assert chat.questions.count() == 0


@both_languages
def test_the_result_comes_into_the_conversation(open_page, language):
    chat = open_page(f"/?lang={language}")
    sliders = Sliders(chat, language)
    sliders.open()
    sliders.choose_side("public")
    sliders.place_all("public", 5)
    sliders.of("goals", "private").fill("1")
    sliders.of("risk", "private").fill("5")
    body = sent(chat, sliders.send.click)
    assert body["placements"] == "side=public&goals=1-5&incentives=x-5&horizon=x-5&risk=5-5&decision_speed=x-5&organisation_type=x-5"
    assert "text" not in body and "button" not in body
    assert chat.asked() == words(language, "our_placements")
    expect(sliders.element).to_have_count(0)
    expect(chat.field).to_be_focused()
    reply = chat.answer["reply"]
    assert (reply["topic"], reply["step"]["name"], reply["placements"]) == ("placing", "result", body["placements"])
    pictures = chat.replies.last.locator("opi-placements svg[role=img]")
    expect(pictures).to_have_count(len(DIMENSIONS))
    public, private = (KNOWLEDGE.comparison.parties[party].name[reply["language"]] for party in ("public", "private"))
    expect(pictures.nth(0)).to_have_accessible_name(re.compile(re.escape(
        f"{public} {in_words('goals', 5, reply['language'])}, {private} {in_words('goals', 1, reply['language'])}.")))
    expect(pictures.nth(1)).to_have_accessible_name(re.compile(words(reply["language"], "place_unknown")))
    expect(chat.replies.last.locator(".advice").first.locator(".label")).to_have_text(words(reply["language"], "ours"))


@both_languages
def test_the_result_is_in_the_language_of_the_page(open_page, language):
    chat = open_page(f"/?lang={language}")
    sliders = Sliders(chat, language)
    sliders.open()
    sliders.choose_side("public")
    sliders.place_all("public", 2)
    chat.reply_to(sliders.send.click)
    assert chat.answer["reply"]["language"] == language


def test_both_parties_are_drawn_where_they_were_placed(open_page):
    chat = open_page()
    sliders = Sliders(chat)
    sliders.open()
    sliders.choose_side("public")
    places = {"public": 2, "private": 4}
    for party, place in places.items():
        sliders.place_all(party, place)
    chat.reply_to(sliders.send.click)
    for scale, dimension in zip(chat.replies.last.locator("opi-scale").all(), DIMENSIONS, strict=True):
        line = scale.locator("svg[role=img]").bounding_box()
        for party, place in places.items():
            for kind, step in ((":not(.typical)", place), (".typical", getattr(AXIS[dimension], party))):
                mark = scale.locator(f"svg.{party}{kind}").locator("circle, rect").bounding_box()
                share = (mark["x"] + mark["width"] / 2 - line["x"]) / line["width"]
                assert share == pytest.approx((step - 1) / 4, abs=0.06), (dimension, party, kind)


def test_the_sliders_by_keyboard_alone(open_page):
    chat = open_page()
    sliders, keyboard = Sliders(chat), chat.page.keyboard
    keyboard.press("Tab")
    keyboard.press("Enter")
    tab_to(chat, chat.page.locator(".beginnings button").last, "Shift+Tab")
    keyboard.press("Enter")
    expect(sliders.heading).to_be_focused()
    tab_to(chat, sliders.sides.first, "Tab")
    keyboard.press("Space")
    keyboard.press("ArrowDown")
    expect(sliders.sides.last).to_be_checked()
    tab_to(chat, sliders.of("goals", "public"), "Tab")
    keyboard.press("ArrowRight")
    expect(sliders.of("goals", "public")).to_have_attribute("aria-valuetext", in_words("goals", 4, "da"))
    keyboard.press("End")
    tab_to(chat, sliders.of("goals", "private"), "Tab")
    keyboard.press("Home")
    tab_to(chat, sliders.of("incentives", "public"), "Tab")
    keyboard.press("Tab")
    keyboard.press("Space")  # known after all: in the middle
    expect(sliders.of("incentives", "public")).to_have_attribute("aria-valuetext", in_words("incentives", 3, "da"))
    for _ in range(BOTH * 2):
        keyboard.press("Tab")
        if sliders.send.evaluate(HAS_FOCUS):
            break
    body = sent(chat, lambda: keyboard.press("Enter"))
    assert body["placements"] == "side=private&goals=1-5&incentives=x-3"
    expect(chat.field).to_be_focused()


def test_the_focus_can_be_seen_on_every_slider(open_page):
    chat = open_page()
    sliders, stops = Sliders(chat), []
    sliders.open()
    expect(sliders.heading).to_be_focused()
    while not stops or not stops[-1]["name"] == words("da", "placing_send"):
        chat.page.keyboard.press("Tab")
        stops.append(chat.page.evaluate(FOCUS_OUTLINE))
        assert len(stops) < 40, "the focus does not reach the button"
    assert [stop["name"] for stop in stops if not stop["isSeen"]] == []
    assert len(stops) == 3 + 2 * BOTH  # cancelling, one of the sides, a slider and a checkbox each, sending


def test_the_sliders_are_large_enough_for_a_finger(open_page):
    chat = open_page(viewport={"width": 320, "height": 640})
    sliders = Sliders(chat)
    sliders.open()
    targets = [*sliders.all.all(), *sliders.element.locator("label").all(), *sliders.element.locator("button").all()]
    assert len(targets) == 2 + 3 * BOTH + 2
    for target in targets:
        box = target.bounding_box()
        assert box["height"] >= 24 and box["width"] >= 24


def test_a_reload_keeps_what_was_placed_and_a_new_conversation_does_not(open_page):
    chat = open_page()
    chat.ask("Hvem beslutter hurtigst?")
    chat.ask("Hvor kommer vi til at støde sammen")
    press(chat, KNOWLEDGE.phrases.say_private["da"])
    chat.button("da", "use_sliders").click()
    sliders = Sliders(chat)
    sliders.of("goals", "private").fill("4")
    chat.page.reload()
    expect(sliders.of("goals", "private")).to_have_attribute("aria-valuetext", in_words("goals", 4, "da"))
    expect(sliders.sides.last).to_be_checked()
    chat.button("da", "new_conversation").click()
    chat.button("da", "restart_yes").click()
    expect(sliders.element).to_have_count(0)
    chat.page.reload()
    expect(chat.page.locator("opi-comparison")).to_be_visible()


@both_languages
def test_the_sliders_go_on_from_what_was_placed_in_the_chat(open_page, language):
    chat = open_page(f"/?lang={language}")
    chat.ask({"da": "Hvor kommer vi til at støde sammen", "en": "Where will we clash"}[language])
    press(chat, KNOWLEDGE.phrases.say_public[language])
    press(chat, "2")
    button = chat.button(language, "use_sliders")
    button.click()
    sliders = Sliders(chat, language)
    expect(sliders.heading).to_be_focused()
    expect(sliders.of("goals", "public")).to_have_attribute("aria-valuetext", in_words("goals", 2, language))
    expect(sliders.sides.first).to_be_checked()
    sliders.cancel.click()
    expect(button).to_be_focused()


def test_a_result_can_be_changed(open_page):
    chat = open_page()
    sliders = Sliders(chat)
    sliders.open()
    sliders.choose_side("public")
    sliders.of("goals", "public").fill("1")
    chat.reply_to(sliders.send.click)
    chat.button(chat.answer["reply"]["language"], "change_placements").click()
    expect(sliders.of("goals", "public")).to_have_attribute("aria-valuetext", in_words("goals", 1, "da"))
    sliders.of("goals", "private").fill("3")
    assert sent(chat, sliders.send.click)["placements"] == "side=public&goals=3-1"


def test_two_people_by_a_link(open_page):
    chat = open_page(permissions=["clipboard-read", "clipboard-write"])
    sliders = Sliders(chat)
    sliders.open()
    sliders.choose_side("public")
    sliders.of("goals", "public").fill("5")
    sliders.of("risk", "public").fill("2")
    chat.reply_to(sliders.send.click)
    language = chat.answer["reply"]["language"]
    expect(chat.page.locator("opi-links button")).to_have_count(1)
    chat.button(language, "copy_link").click()
    expect(chat.status).to_have_text(words(language, "link_copied"))
    link = chat.page.evaluate("navigator.clipboard.readText()")
    assert link == chat.page.locator("opi-links a").first.get_attribute("href")

    partner = open_page(link, wait_for="opi-placing")
    theirs = Sliders(partner, language)
    expect(theirs.heading).to_be_focused()
    expect(theirs.element).to_contain_text(words(language, "placing_given"))
    expect(theirs.all).to_have_count(len(DIMENSIONS))
    expect(theirs.sides).to_have_count(0)
    assert "placing" not in partner.page.url and "goals" not in partner.page.url
    theirs.send.click()
    expect(theirs.refusal).to_have_text(words(language, "placing_empty"))
    theirs.of("goals", "private").fill("1")
    partner.page.reload()
    expect(theirs.of("goals", "private")).to_have_attribute("aria-valuetext", in_words("goals", 1, language))
    expect(theirs.all).to_have_count(len(DIMENSIONS))
    assert sent(partner, theirs.send.click)["placements"] == "side=private&goals=1-5&risk=x-2"
    assert partner.answer["reply"]["step"]["name"] == "result" and partner.answer["reply"]["dimensions"] == ["goals"]


@pytest.mark.parametrize("query", [
    "goals=x-6", "goals=0-1", "goals=15", "goals=", "goals=x-5&goals=x-5", "risk=%3Cscript%3Ewindow.harmed=1%3C/script%3E", "risk=999",
    "__proto__=1-1", "constructor=1-1", "side=nobody", "side=public&side=public", "mood=1-1", "goals=%E0%A4%A", "goals=1-1%00",
    "goals=1-5-" + "1" * 5000,
])
@both_languages
def test_a_bad_link_says_so_and_opens_empty_sliders(open_page, language, query):
    chat = open_page(f"/?placing&lang={language}&{query}", wait_for="opi-placing")
    sliders = Sliders(chat, language)
    expect(sliders.element.locator(".problem")).to_have_text(words(language, "placing_unreadable"))
    expect(sliders.all).to_have_count(BOTH)
    for unsure in sliders.unsure.all():
        expect(unsure).to_be_checked()
    assert query.partition("=")[0] not in chat.page.url
    assert_harmless(chat.page)
    sliders.choose_side("public")
    sliders.of("goals", "public").fill("1")
    assert sent(chat, sliders.send.click)["placements"] == "side=public&goals=x-1"


@pytest.mark.parametrize("query, filled", [("", 0), ("&goals=x-x", 0), ("&side=public&goals=1-5", 2), ("&side=private&goals=2-x", 1)])
def test_other_links_open_the_sliders_as_they_say(open_page, query, filled):
    chat = open_page(f"/?placing&lang=da{query}", wait_for="opi-placing")
    sliders = Sliders(chat)
    expect(sliders.all).to_have_count(BOTH)
    expect(sliders.element.locator(".problem")).to_have_count(0)
    assert [unsure.is_checked() for unsure in sliders.unsure.all()].count(False) == filled


def test_placements_that_were_not_sent_are_sent_by_trying_again(open_page, watch):
    watch.provoke("net::ERR_INTERNET_DISCONNECTED")
    chat = open_page()
    sliders = Sliders(chat)
    sliders.open()
    sliders.choose_side("private")
    sliders.of("horizon", "private").fill("2")
    chat.page.context.set_offline(True)
    sliders.send.click()
    expect(chat.failure).to_be_visible()
    chat.page.context.set_offline(False)
    assert sent(chat, chat.button("da", "try_again").click)["placements"] == "side=private&horizon=2-x"
    assert chat.asked() == words("da", "our_placements")


def test_while_an_answer_is_on_its_way_nothing_placed_is_lost(open_page):
    chat = open_page()
    sliders = Sliders(chat)
    sliders.open()
    sliders.choose_side("public")
    sliders.of("goals", "public").fill("4")
    held = chat.send_and_hold("Hvem beslutter hurtigst?")
    sliders.send.click()
    expect(sliders.of("goals", "public")).to_have_attribute("aria-valuetext", in_words("goals", 4, "da"))
    chat.reply_to(lambda: held[0].continue_())
    chat.page.unroute("**/api/messages")
    assert sent(chat, sliders.send.click)["placements"] == "side=public&goals=x-4"
