"""Placing both parties: scale by scale in the chat, all at once by a query, alone or together with the partner by a link."""
import pytest

from opi_advisor.knowledge import DIMENSIONS, LANGUAGES, PARTIES, other_party
from opi_advisor.onboarding.placing_replies import widest
from opi_advisor.placements import Gap, read_placements
from tests.unit.onboarding_talk import K, Talk, say_first

PHRASES = K.onboarding_phrases.phrases
SAY_SIDE = {"public": K.phrases.say_public, "private": K.phrases.say_private}
both_languages = pytest.mark.parametrize("language", LANGUAGES)


def begun(language, side="public"):
    """A talk at the first scale."""
    talk = Talk(language)
    talk.say(say_first("start_placing", language))
    return talk, talk.say(SAY_SIDE[side][language])


def meeting(dimension):
    return next(item for item in K.onboarding.placing.dimensions if item.dimension == dimension)


@both_languages
def test_every_scale_has_its_clash_and_its_question(language):
    assert [item.dimension for item in K.onboarding.placing.dimensions] == list(DIMENSIONS)
    assert all(item.clash[language] and item.meeting[language] for item in K.onboarding.placing.dimensions)


@both_languages
@pytest.mark.parametrize("side", PARTIES)
def test_scale_by_scale_to_the_result(language, side):
    talk, reply = begun(language, side)
    places = {(name, party): (index + (party == "public") * 2) % 5 + 1 for index, name in enumerate(DIMENSIONS) for party in PARTIES}
    asked = [(name, party) for name in DIMENSIONS for party in (side, other_party(side))]
    for number, (name, party) in enumerate(asked, 1):
        assert (reply.step.name, reply.step.number, reply.step.of) == ("place", number, 12)
        assert reply.dimensions == (name,) and reply.parties == (party,)
        reply = talk.press(reply, str(places[name, party]))
    assert reply.step.name == "result"
    assert dict(read_placements(reply.placements).places) == places
    assert reply.links[-1].href.startswith(f"/profile?lang={language}&side={side}&goals=")


@both_languages
def test_the_widest_gaps_with_what_they_lead_to_and_a_question_to_bring_along(language):
    talk = Talk(language)
    reply = talk.say("side=public&goals=1-5&incentives=3-3&horizon=2-4&risk=5-2&decision_speed=1-2")
    assert reply.step.name == "result" and reply.opening == PHRASES.result_gaps[language]
    assert reply.dimensions == ("goals", "risk", "horizon")
    for section, name in zip(reply.sections, reply.dimensions):
        assert section.ours and meeting(name).clash[language] in section.answer
    assert [one.advice[language] for one in reply.suggestions] == [meeting(name).meeting[language] for name in reply.dimensions]
    assert K.dimensions["risk"].name[language] in reply.sections[-1].answer, "risk is the other way round than is typical"


def test_narrow_gaps_are_shown_only_where_there_is_no_wide_one():
    one, two, four = Gap("risk", 1), Gap("goals", 2), Gap("horizon", 4)
    assert widest([four, two, one]) == (four, two)
    assert widest([one]) == (one,) and widest([]) == ()
    assert len(widest([four] * 5)) == 3


@both_languages
def test_no_gap_and_nothing_to_compare(language):
    alike = Talk(language).say("side=public&goals=3-3")
    assert alike.opening == PHRASES.result_alike[language] and not alike.suggestions
    alone = Talk(language).say("side=public&goals=x-3")
    assert alone.opening == PHRASES.result_open[language]
    assert alone.links[0].href == f"/?placing&lang={language}&goals=x-3"


@both_languages
def test_a_link_from_the_partner_asks_only_for_the_own_side(language):
    talk = Talk(language)
    reply = talk.say(f"https://intranet.example/?placing&lang={language}&goals=x-5&risk=x-5")
    assert reply.opening == PHRASES.placing_received[language]
    assert (reply.parties, reply.step.of) == (("private",), 6)
    for _ in DIMENSIONS:
        reply = talk.say("1")
    assert reply.step.name == "result" and reply.dimensions == ("goals", "risk")
    assert reply.placements.startswith("side=private&goals=1-5&incentives=1-x")


@pytest.mark.parametrize(("language", "text", "places"), [
    ("da", "4", [4]), ("en", "four", [4]), ("da", "fire", [4]), ("da", "2 og 5", [2, 5]), ("en", "we are 2 and they are 5", [2, 5]),
    ("da", "vi er en 4'er", None), ("da", "ved ikke", [None]), ("en", "no idea", [None]), ("en", "I don't know", [None]),
    ("en", "1, 5", [1, 5]), ("da", "et sted omkring 3", None),
])
def test_a_place_in_words(language, text, places):
    talk, first = begun(language)
    reply = talk.say(text)
    if places is None:
        assert reply.step.number == first.step.number or reply.step.number == 2
        return
    assert reply.step.number == 1 + len(places)
    got = talk.state.onboarding.placing.placements
    assert [got.place("goals", party) for party in ("public", "private")][:len(places)] == places


@both_languages
def test_the_pole_is_a_place_and_its_button_too(language):
    talk, first = begun(language)
    axis = K.dimensions["goals"].axis
    assert first.buttons[0] == f"1: {axis.left[language]}" and first.buttons[4] == f"5: {axis.right[language]}"
    talk.say(axis.right[language])
    talk.press(talk.say(say_first("back", language)), "1:")
    assert talk.state.onboarding.placing.placements.place("goals", "public") == 1


@both_languages
@pytest.mark.parametrize("text", ["7", "0", "1000", "banana", "-3.5 or so", "1 2 3"])
def test_what_is_no_place_is_asked_again(language, text):
    talk, first = begun(language)
    reply = talk.say(text)
    assert reply.opening == PHRASES.not_a_place[language] and reply.step == first.step
    assert not talk.state.onboarding.placing.placements.places


@both_languages
def test_back_skip_result_pause_and_stop(language):
    talk, _ = begun(language)
    talk.say("2")
    assert talk.say(say_first("back", language)).step.number == 1
    assert talk.say(say_first("skip", language)).step.number == 2
    assert talk.say("3").step.number == 3
    assert talk.say(say_first("pause", language)).step.name == "paused"
    assert talk.ask().offer is None
    assert talk.say(say_first("go_on", language)).step.number == 3
    result = talk.say(say_first("result", language))
    assert result.step.name == "result" and result.placements == "side=public&goals=3-x"
    talk, _ = begun(language)
    talk.say("2")
    assert talk.say(say_first("stop", language)).step.name == "stopped"
    assert talk.state.onboarding.placing is None


@both_languages
def test_another_question_is_answered_and_the_placing_offers_to_go_on(language):
    talk, first = begun(language)
    answer = talk.ask()
    assert answer.offer == PHRASES.offer_placing[language].format(label=first.step.label)
    assert talk.press(answer, say_first("go_on", language)).step == first.step


@both_languages
def test_the_profile_carries_the_last_placements(language):
    talk = Talk(language)
    talk.say("side=private&goals=1-5")
    reply = talk.say("...", "get_profile")
    assert reply.topic == "profile"
    assert [link.href for link in reply.links] == [
        f"/profile?lang={language}&side=private&goals=1-5", f"/comparison?lang={language}", f"/comparison.csv?lang={language}"]


@both_languages
@pytest.mark.parametrize("query", ["goals=9-9", "goals=1-5&goals=1-5", "goals=<b>-1", "side=x&goals=1-1"])
def test_a_broken_link_is_told_and_the_conversation_goes_on(language, query):
    talk = Talk(language)
    reply = talk.say(f"/?placing&{query}")
    assert reply.sections[0].answer == PHRASES.placements_wrong[language]
    assert talk.ask().kind == "answer"


@both_languages
def test_a_follow_up_after_the_result_is_about_the_widest_gap(language):
    talk = Talk(language)
    talk.say("side=public&goals=2-4&horizon=1-5")
    reply = talk.say("...", "follow_up", facet="advice")
    assert reply.kind == "answer" and reply.dimensions == ("horizon",)


@both_languages
def test_starting_the_placing_in_the_tour_lets_the_tour_wait(language):
    talk = Talk(language)
    talk.say(say_first("start_tour", language))
    lesson = talk.say(SAY_SIDE["public"][language])
    assert talk.say(say_first("start_placing", language)).step.name == "place"
    talk.say(say_first("stop", language))
    assert talk.say(say_first("start_tour", language)).step == lesson.step


@both_languages
def test_a_person_of_neither_side_places_both_by_name(language):
    talk = Talk(language)
    talk.say(say_first("start_placing", language))
    reply = talk.say(PHRASES.say_neither[language])
    assert K.comparison.parties.private.name[language] in reply.sections[0].answer
    for _ in DIMENSIONS:
        reply = talk.say("1 5")
    assert reply.placements.startswith("goals=1-5")
    assert reply.links[-1].href.startswith(f"/profile?lang={language}&goals=1-5")
