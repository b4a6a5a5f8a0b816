"""Tour and placing over REST on a really running server, with the wordings that people choose themselves."""
import uuid

import pytest

from opi_advisor.knowledge import DIMENSIONS, LANGUAGES, default_knowledge
from tests.conftest import Server
from tests.stored_turns import age
from tests.unit.onboarding_talk import questions, right_letter, say_first

K = default_knowledge()
PHRASES = K.onboarding_phrases.phrases
both_languages = pytest.mark.parametrize("language", LANGUAGES)


class Talk:
    """One conversation over REST."""

    def __init__(self, server):
        self.sender, self.client = f"test-{uuid.uuid4().hex}", server.client

    def say(self, message):
        """One message and its reply."""
        return self.client.ask(self.sender, message)

    def press(self, answer, start):
        """Say what the button that begins with `start` says."""
        return self.say(next(button for button in answer.buttons if button.startswith(start)))


def step(answer):
    return answer.custom["step"]["name"], answer.custom["step"]["number"]


@both_languages
def test_the_tour_straight_through_by_buttons(server, language):
    talk = Talk(server)
    answer = talk.say({"da": "Jeg er lige begyndt på projektet, hvor starter jeg?", "en": "It's my first day on the project, where do I begin?"}[language])
    assert answer.custom["kind"] == "onboarding" and step(answer)[0] == "side"
    answer = talk.press(answer, K.phrases.say_private[language])
    for number, stop in enumerate(K.onboarding.tour.stops, 1):
        assert step(answer) == ("lesson", number)
        assert answer.custom["dimensions"] == [stop.dimension] and answer.custom["language"] == language
        assert PHRASES.label[language].format(number=number, of=len(K.onboarding.tour.stops)) in answer.text
        for question in stop.questions:
            answer = talk.press(answer, say_first("quiz" if step(answer)[0] == "lesson" else "next", language))
            assert question.text[language] in answer.text
            answer = talk.press(answer, right_letter(question.text[language]).upper())
            assert answer.custom["right"] is True and answer.custom["statements"]
        answer = talk.press(answer, say_first("finish" if number == len(K.onboarding.tour.stops) else "next", language))
    assert step(answer) == ("summary", None)
    assert PHRASES.summary_all[language].format(right=len(questions()), of=len(questions())) in answer.text
    assert f"{server.url}/profile?lang={language}&side=private" in answer.text


@pytest.mark.parametrize(("language", "start", "side", "answers"), [
    ("en", "can you show me the ropes, i'm new to opi", "I'm a nurse at the regional hospital", ("ok let's take the question", "let's skip this one", "could we go back?")),
    ("da", "kan du vise mig rundt? jeg har første dag i dag", "jeg er sygeplejerske på sygehuset", ("giv mig bare spørgsmålet", "spring den over", "gå tilbage tak")),
])
def test_the_tour_in_own_words(server, language, start, side, answers):
    talk = Talk(server)
    assert step(talk.say(start)) == ("side", None)
    lesson = talk.say(side)
    assert step(lesson) == ("lesson", 1)
    assert lesson.custom["sections"][0]["title"].endswith(K.comparison.parties.public.name[language])
    to_question, skip, back = answers
    assert step(talk.say(to_question)) == ("question", 1)
    assert step(talk.say(skip)) == ("lesson", 2)
    assert step(talk.say(back)) == ("lesson", 1)


@both_languages
def test_a_question_in_between_changing_side_and_a_silly_answer(server, language):
    english = language == "en"
    talk = Talk(server)
    talk.press(talk.say(say_first("start_tour", language)), K.phrases.say_public[language])
    question = talk.say(say_first("quiz", language))
    answer = talk.say("Why is the company in such a hurry to get results?" if english else "Hvorfor har virksomheden så travlt med at få resultater?")
    assert answer.custom["kind"] == "answer" and answer.custom["dimensions"] == ["horizon"]
    assert answer.custom["offer"] == PHRASES.offer_tour[language].format(label=question.custom["step"]["label"]) and answer.custom["offer"] in answer.text
    declined = talk.say("What does procurement law say about that?" if english else "Hvad siger udbudsloven om det?")
    assert declined.custom["kind"] == "out_of_scope" and declined.custom["offer"]
    again = talk.say("yes please, go on" if english else "ja tak, fortsæt")
    assert again.custom["step"] == question.custom["step"]
    silly = talk.say("banana" if english else "banan")
    assert step(silly) == step(question) and PHRASES.not_an_option[language] in silly.text
    moved = talk.say("Actually I work for a private company" if english else "Jeg arbejder faktisk i en privat virksomhed")
    assert step(moved) == step(question)
    lesson = talk.say(say_first("back", language))
    assert lesson.custom["sections"][0]["title"].endswith(K.comparison.parties.private.name[language])


def test_a_pause_outlives_a_restart_of_the_server_and_days(model, tmp_path):
    sender = f"test-{uuid.uuid4().hex}"
    first = Server(tmp_path)
    try:
        first.wait_until_ready()
        for message in ("Start the tour", "I come from a company", "Ask me the question"):
            question = first.client.ask(sender, message)
        assert step(first.client.ask(sender, "pause")) == ("paused", None)
        first.client.ask(sender, "who is more willing to take risks?")
    finally:
        first.stop()
    age(tmp_path / "conversations.db", sender, days=5)
    second = Server(tmp_path)
    try:
        second.wait_until_ready()
        resumed = second.client.ask(sender, "continue the tour")
    finally:
        second.stop()
    assert resumed.custom["step"] == question.custom["step"] and resumed.buttons == question.buttons


@both_languages
def test_placing_by_buttons_with_the_partner_guessed(server, language):
    talk = Talk(server)
    answer = talk.say({"da": "Kan vi lave en forventningsafstemning med vores partner?", "en": "Where are we and our partner likely to clash?"}[language])
    assert answer.custom["topic"] == "placing"
    answer = talk.press(answer, K.phrases.say_public[language])
    for number in range(12):
        answer = talk.press(answer, "5" if number % 2 == 0 else "1")
    assert step(answer) == ("result", None)
    assert answer.custom["placements"] == "side=public&" + "&".join(f"{name}=1-5" for name in DIMENSIONS)
    assert len(answer.custom["dimensions"]) == len(answer.custom["suggestions"]) == 3
    advice = talk.press(answer, K.phrases.ask_advice[language])
    assert (advice.custom["facet"], advice.custom["dimensions"]) == ("advice", answer.custom["dimensions"][:1])


@both_languages
def test_two_people_by_a_link(server, language):
    first = Talk(server)
    answer = first.say("side=public&" + "&".join(f"{name}=x-4" for name in DIMENSIONS))
    link = next(link["href"] for link in answer.custom["links"] if link["href"].startswith("/?placing"))
    second = Talk(server)
    answer = second.say(f"{server.url}{link}")
    assert PHRASES.placing_received["da"] in answer.text or PHRASES.placing_received["en"] in answer.text
    for _ in DIMENSIONS:
        answer = second.say("2")
    assert answer.custom["placements"] == "side=private&" + "&".join(f"{name}=2-4" for name in DIMENSIONS)


@both_languages
def test_something_to_print(server, language):
    answer = Talk(server).say({"da": "Har du det på ét ark, jeg kan tage med til mødet?", "en": "Do you have that as a one-pager I can bring to the meeting?"}[language])
    assert answer.custom["topic"] == "profile" and answer.custom["language"] == language
    assert [link["href"].partition("?")[0] for link in answer.custom["links"]] == ["/profile", "/comparison", "/comparison.csv"]


@both_languages
def test_every_button_of_tour_and_placing_is_understood(server, language):
    """Each leads on, and none is taken for a question of its own."""
    talk = Talk(server)
    answer = talk.say(say_first("start_tour", language))
    for button in (K.phrases.say_public[language], say_first("quiz", language), say_first("back", language), say_first("skip", language),
                   say_first("pause", language), say_first("go_on", language), say_first("stop", language), say_first("start_placing", language),
                   K.onboarding_phrases.answers.unknown[language][0].capitalize(), say_first("back", language), say_first("result", language),
                   say_first("start_tour", language)):
        answer = talk.say(button)
        assert (answer.custom["kind"], answer.custom["language"]) == ("onboarding", language), button
