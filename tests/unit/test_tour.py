"""The tour: straight through, and everything that people do instead."""
import pytest

from opi_advisor.knowledge import DIMENSIONS, LANGUAGES, PARTIES, other_party
from tests.unit.onboarding_talk import K, Talk, questions, right_letter, say_first

PHRASES = K.onboarding_phrases.phrases
STOPS = K.onboarding.tour.stops
SIDES = {"public": "say_public", "private": "say_private"}
both_languages = pytest.mark.parametrize("language", LANGUAGES)


def begun(language, side="public"):
    """A talk at the first lesson."""
    talk = Talk(language)
    first = talk.say(say_first("start_tour", language))
    return talk, talk.press(first, getattr(K.phrases, SIDES[side])[language])


def at_question(language, side="public"):
    """A talk at the first question."""
    talk, lesson = begun(language, side)
    return talk, talk.press(lesson, say_first("quiz", language))


def wrong_letter(question):
    right = right_letter(question.sections[0].answer)
    return "b" if right == "a" else "a"


@both_languages
def test_every_dimension_has_a_stop_with_both_sides_and_a_question(language):
    assert {stop.dimension for stop in STOPS} == set(DIMENSIONS)
    for stop in STOPS:
        assert stop.questions and stop.situation[language]
        for party in PARTIES:
            assert K.dimensions[stop.dimension].parties[party].answer[language]
        for question in stop.questions:
            assert question.explanation[language] and all(option[language] for option in question.options)
            assert any(name in K.statements for name in question.statements)


@both_languages
@pytest.mark.parametrize("side", PARTIES)
def test_straight_through_with_right_answers(language, side):
    talk, reply = begun(language, side)
    for number, stop in enumerate(STOPS, 1):
        assert (reply.step.name, reply.step.number, reply.step.of) == ("lesson", number, len(STOPS))
        assert reply.step.label == PHRASES.label[language].format(number=number, of=len(STOPS))
        assert reply.dimensions == (stop.dimension,)
        own, other, situation = reply.sections
        assert own.answer == K.dimensions[stop.dimension].parties[side].answer[language]
        assert other.answer == K.dimensions[stop.dimension].parties[other_party(side)].answer[language]
        assert situation.answer == stop.situation[language] and situation.ours and not own.ours
        assert [one.advice.id for one in reply.suggestions] == [stop.suggestion[side]]
        for question in stop.questions:
            reply = talk.press(reply, say_first("quiz" if reply.step.name == "lesson" else "next", language))
            assert reply.step.name == "question" and reply.sections[0].answer == question.text[language]
            reply = talk.say(right_letter(question.text[language]))
            assert reply.step.name == "feedback" and reply.right is True
            assert reply.opening == PHRASES.right[language]
            assert [statement.id for statement in reply.statements] == list(question.statements)
        last = number == len(STOPS)
        reply = talk.press(reply, say_first("finish" if last else "next", language))
    assert reply.step.name == "summary"
    assert reply.sections[0].answer == PHRASES.summary_all[language].format(right=len(questions()), of=len(questions()))
    assert [link.href for link in reply.links] == [f"/profile?lang={language}&side={side}"]
    assert talk.state.onboarding.tour is None and talk.state.onboarding.active is None
    assert talk.ask().offer is None


@both_languages
def test_a_wrong_answer_is_told_kindly_with_the_right_one_and_comes_back_in_the_summary(language):
    talk, question = at_question(language)
    feedback = talk.say(wrong_letter(question))
    right = next(option for option in questions()[0].options if option.right)
    assert feedback.right is False
    assert feedback.opening.startswith(PHRASES.wrong[language]) and right[language] in feedback.opening
    assert feedback.statements
    reply = feedback
    for _ in STOPS:
        reply = talk.say(say_first("skip", language))
    assert reply.step.name == "summary"
    titles = [section.title for section in reply.sections]
    assert PHRASES.summary_again[language] in titles and PHRASES.summary_right[language] not in titles
    assert f"/#{STOPS[0].dimension}" in [link.href for link in reply.links]


@both_languages
def test_an_answer_can_be_mended(language):
    talk, question = at_question(language)
    assert talk.say(wrong_letter(question)).right is False
    assert talk.say(right_letter(question.sections[0].answer)).right is True
    assert talk.state.onboarding.tour.results == {questions()[0].id: True}


@pytest.mark.parametrize(("language", "text"), [
    ("da", "den offentlige"), ("da", "Jeg tror, det er kommunen"), ("da", "det må være det offentlige?"), ("da", "offentlig"),
    ("en", "I think the public side"), ("en", "the municipality"), ("en", "public"), ("en", "is it the public sector?"),
])
def test_a_party_in_free_words_is_an_answer(language, text):
    talk = to_question_with("public", language)
    reply = talk.say(text, "follow_up", parties=("public",))
    assert reply.step.name == "feedback"


def to_question_with(means, language):
    """A talk at the first question that has an option of this meaning."""
    talk, reply = begun(language)
    while True:
        if reply.step.name == "question":
            question = next(one for one in questions() if one.text[language] == reply.sections[0].answer)
            if any(option.means == means for option in question.options):
                return talk
        reply = talk.say(say_first("next", language))


@pytest.mark.parametrize(("language", "text"), [
    ("da", "helt klart firmaet, de hader overraskelser"), ("en", "surely the firm, they hate surprises"),
])
def test_an_answer_with_a_reason_is_understood_by_its_party(language, text):
    talk = to_question_with("private", language)
    reply = talk.say(text, "risk", dimensions=("risk",), parties=("private",), facet="describe")
    assert reply.step.name == "feedback"


@pytest.mark.parametrize(("language", "text", "chosen"), [
    ("da", "sandt", "yes"), ("da", "usandt", "no"), ("da", "falskt", "no"), ("da", "ja, det er rigtigt", "yes"), ("da", "ikke rigtigt", "no"),
    ("en", "true", "yes"), ("en", "untrue", "no"), ("en", "incorrect", "no"), ("en", "correct", "yes"), ("en", "that's not true", "no"),
])
def test_true_and_its_opposite_are_kept_apart(language, text, chosen):
    talk = to_question_with("yes", language)
    question = next(one for one in questions() if any(option.means == "yes" for option in one.options))
    reply = talk.say(text)
    assert reply.step.name == "feedback"
    assert reply.right == next(option.right for option in question.options if option.means == chosen)


@pytest.mark.parametrize(("language", "text"), [("da", "det er ikke kommunen"), ("en", "certainly not the municipality, I'd say")])
def test_a_denied_option_is_asked_about_again(language, text):
    talk = to_question_with("public", language)
    reply = talk.say(text, parties=("public",), facet="describe")
    assert reply.step.name == "question" and reply.opening == PHRASES.not_an_option[language]


@both_languages
@pytest.mark.parametrize("text", ["banana", "42", "e", "🙂", "'; DROP TABLE events;--", "aaaaaaaaaaaaaaaaaaaaaaaa"])
def test_a_silly_answer_is_asked_about_again(language, text):
    talk, question = at_question(language)
    reply = talk.say(text)
    assert reply.step.name == "question" and reply.opening == PHRASES.not_an_option[language]
    assert reply.sections == question.sections and reply.buttons == question.buttons
    assert talk.state.onboarding.tour.results == {}


@both_languages
def test_another_question_is_answered_and_the_tour_offers_to_go_on(language):
    talk, question = at_question(language)
    answer = talk.ask()
    assert answer.kind == "answer" and answer.dimensions == ("risk",)
    assert answer.offer == PHRASES.offer_tour[language].format(label=question.step.label)
    assert answer.buttons[0] == say_first("go_on", language)
    assert talk.press(answer, say_first("go_on", language)).sections == question.sections


@both_languages
def test_after_another_question_a_bare_party_is_about_that_one(language):
    talk = to_question_with("private", language)
    talk.ask()
    reply = talk.say({"da": "og virksomheden", "en": "and the company"}[language], "follow_up", parties=("private",))
    assert (reply.kind, reply.dimensions, reply.parties) == ("answer", ("risk",), ("private",))


@both_languages
def test_an_out_of_scope_question_in_the_quiz_is_declined_and_not_taken_for_an_answer(language):
    talk, _ = at_question(language)
    reply = talk.say({"da": "hvad siger udbudsloven?", "en": "what does procurement law say?"}[language])
    assert reply.kind == "out_of_scope" and reply.offer


@both_languages
def test_back_and_skip(language):
    talk, lesson = begun(language)
    at_start = talk.say(say_first("back", language))
    assert at_start.opening == PHRASES.first_stop[language] and at_start.step == lesson.step
    second = talk.say(say_first("skip", language))
    assert second.step.number == 2 and second.step.name == "lesson"
    talk.press(second, say_first("quiz", language))
    assert talk.say(say_first("back", language)).step == second.step
    assert talk.say(say_first("back", language)).step == lesson.step


@both_languages
def test_pause_and_go_on(language):
    talk, question = at_question(language)
    paused = talk.say(say_first("pause", language))
    assert paused.step.name == "paused"
    assert talk.ask().offer is None, "whoever pauses is left in peace"
    resumed = talk.say(say_first("go_on", language))
    assert resumed.step == question.step and resumed.sections == question.sections


@both_languages
def test_starting_again_takes_up_a_paused_tour_and_start_over_does_not(language):
    talk, question = at_question(language)
    talk.say(say_first("pause", language))
    assert talk.say("I'm new", "start_tour").step == question.step
    assert talk.say(say_first("restart", language)).step.name == "lesson"


@both_languages
def test_stop_ends_the_tour(language):
    talk, _ = at_question(language)
    stopped = talk.say(say_first("stop", language))
    assert stopped.step.name == "stopped" and talk.state.onboarding.tour is None
    assert talk.press(stopped, say_first("start_tour", language)).step.name == "lesson", "the side is still known"


@both_languages
def test_the_side_can_change_half_way(language):
    talk, lesson = begun(language, "public")
    told = talk.say("...", "tell_side", side="private")
    assert told.step == lesson.step
    assert [section.answer for section in told.sections[:2]] == [section.answer for section in lesson.sections[1::-1]]


@both_languages
def test_an_option_is_an_answer_even_where_it_sounds_like_a_side(language):
    talk = to_question_with("public", language)
    answer = talk.say({"da": "A: Den offentlige part", "en": "A: The public partner"}[language], "tell_side", side="public")
    assert answer.step.name == "feedback"


@both_languages
def test_whoever_comes_from_neither_side_gets_both_by_name(language):
    talk = Talk(language)
    talk.say(say_first("start_tour", language))
    lesson = talk.say(PHRASES.say_neither[language])
    names = [K.comparison.parties[party].name[language] for party in ("public", "private")]
    assert [section.title for section in lesson.sections[:2]] == [PHRASES.lesson_party[language].format(party=name) for name in names]
    assert [suggestion.reader for suggestion in lesson.suggestions] == list(PARTIES)


@pytest.mark.parametrize(("language", "text", "reading", "side"), [
    ("da", "kommunen", {}, "public"), ("en", "a company", {}, "private"), ("da", "jeg er fra en virksomhed", {}, "private"),
    ("da", "sygeplejerske på Rigshospitalet", {"intent": "tell_side", "side": "public"}, "public"),
    ("en", "we're a start-up", {"intent": "tell_side", "side": "private"}, "private"),
])
def test_the_side_is_told_in_free_words(language, text, reading, side):
    talk = Talk(language)
    talk.say(say_first("start_tour", language))
    assert talk.say(text, **reading).step.name == "lesson"
    assert talk.state.context.side == side


@both_languages
def test_a_known_side_is_not_asked_for_again(language):
    talk = Talk(language)
    talk.say("...", "tell_side", side="private")
    assert talk.say(say_first("start_tour", language)).step.name == "lesson"


@both_languages
def test_a_yes_goes_on_and_a_no_pauses(language):
    talk, lesson = begun(language)
    question = talk.say({"da": "ja tak", "en": "yes please"}[language], "affirm")
    assert question.step.name == "question"
    talk, lesson = begun(language)
    assert talk.say({"da": "nej tak", "en": "no thanks"}[language], "deny").step.name == "paused"


@both_languages
def test_a_follow_up_leans_on_the_lesson(language):
    talk, lesson = begun(language)
    reply = talk.say("?", "follow_up", facet="advice")
    assert (reply.kind, reply.dimensions, reply.facet) == ("answer", lesson.dimensions, "advice")


def test_the_language_changes_with_a_command_that_only_the_other_has():
    talk, _ = begun("da")
    assert talk.say("spring over").language == "da"
    assert talk.say("skip this one", language="en").language == "en"
    assert talk.say("pause", language="en").language == "en"


def test_a_tour_whose_stop_has_gone_from_the_file_begins_again():
    from dataclasses import replace

    talk, lesson = begun("en")
    tour = replace(talk.state.onboarding.tour, stop="gone")
    talk.state = replace(talk.state, onboarding=replace(talk.state.onboarding, tour=tour))
    assert talk.say("continue").step.number == 1
