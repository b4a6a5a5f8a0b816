"""Replies: the contract, the order of their parts, and the same facts in both languages."""
import re
from itertools import product

import pytest

from opi_advisor.knowledge import DIMENSIONS, LANGUAGES, PARTIES, default_knowledge
from opi_advisor.question import SMALLTALK_INTENTS, Context, Question
from opi_advisor.render import render_text
from opi_advisor.reply import MAX_BUTTONS, MAX_SUGGESTIONS, build_reply

K = default_knowledge()
SETS = [("private",), ("public",), PARTIES]
FACETS = {1: ("describe", "why", "advice"), 2: ("compare", "why", "advice")}
CONTRACT = {"kind", "language", "dimensions", "parties", "facet", "premise", "statements", "suggestions"}


def every_question(language):
    """Each kind of question there is."""
    for dimension, parties in product(DIMENSIONS, SETS):
        for facet, premise in product(FACETS[len(parties)], ("none", "holds", "contradicts")):
            yield Question("answer", language, (dimension,), parties, facet, premise)
        for verdict in ("yes", "no", "unsaid"):
            yield Question("answer", language, (dimension,), parties, FACETS[len(parties)][0], verdict=verdict)
    for pair in (("goals", "risk"), ("horizon", "decision_speed")):
        for parties in SETS:
            for facet in FACETS[len(parties)]:
                yield Question("answer", language, pair, parties, facet)
    for topic in K.topics:
        yield Question("background", language, topic=topic)
    for intent in SMALLTALK_INTENTS:
        for side in (None, *PARTIES):
            yield Question("smalltalk", language, topic=intent, side=side)
    yield Question("overview", language)
    yield Question("out_of_scope", language, nearest=("risk", "goals"))
    yield Question("clarification", language, parties=("private",))
    for dimensions in ((), ("risk",), ("goals", "risk"), DIMENSIONS):
        yield Question("trouble", language, dimensions, PARTIES if dimensions else ())


def reply_to(question, context=Context()):
    return build_reply(question, context, K)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reply_keeps_the_contract(language):
    for question in every_question(language):
        custom = reply_to(question).to_custom()
        assert CONTRACT <= set(custom)
        assert custom["kind"] == question.kind and custom["language"] == language
        for statement in custom["statements"]:
            assert set(statement) == {"id", "text", "source"}
            assert set(statement["source"]) == {"document", "row", "party", "point"}
            assert statement["text"] == K.statements[statement["id"]].text[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reply_has_a_finished_text(language):
    for question in every_question(language):
        text = render_text(reply_to(question), K)
        assert text and not re.search(r"[{}]|None|  ", text), text
        assert len(text) < 2500


def test_both_languages_say_the_same():
    for danish, english in zip(every_question("da"), every_question("en")):
        one, other = reply_to(danish), reply_to(english)
        assert [s.id for s in one.statements] == [s.id for s in other.statements]
        assert [s.advice.id for s in one.suggestions] == [s.advice.id for s in other.suggestions]
        assert [[s.id for s in part.statements] for part in one.sections] == [[s.id for s in part.statements] for part in other.sections]
        assert (one.opening is None, one.note is None, len(one.buttons)) == (other.opening is None, other.note is None, len(other.buttons))
        assert render_text(one, K) != render_text(other, K)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_and_its_summary_together_say_every_point_once(language):
    for dimension, party in product(DIMENSIONS, PARTIES):
        reply = reply_to(Question("answer", language, (dimension,), (party,), "describe"))
        said = set(K.dimensions[dimension].parties[party].answer.points)
        assert said | {s.source.point for s in reply.sections[0].statements} == {1, 2, 3}
        assert not said & {s.source.point for s in reply.sections[0].statements}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_a_contradicted_premise_is_corrected_first_and_then_answered(dimension, language):
    for party in PARTIES:
        text = render_text(reply_to(Question("answer", language, (dimension,), (party,), "why", "contradicts")), K)
        assert text.startswith(K.phrases.corrected_one[language] + " " + K.dimensions[dimension].parties[party].answer[language])
        assert K.dimensions[dimension].parties[party].why[language] in text
    both = render_text(reply_to(Question("answer", language, (dimension,), PARTIES, "why", "contradicts")), K)
    assert both.startswith(K.phrases.corrected_both[language] + " " + K.dimensions[dimension].contrast[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_yes_no_and_unsaid_come_first(language):
    for verdict, phrase in (("yes", K.phrases.verdict_yes), ("no", K.phrases.verdict_no), ("unsaid", K.phrases.verdict_unsaid)):
        question = Question("answer", language, ("risk",), ("public",), "describe", verdict=verdict)
        assert render_text(reply_to(question), K).startswith(phrase[language])


def test_suggestions_are_ours_few_and_for_the_side_that_acts():
    to_a_company = reply_to(Question("answer", "en", ("risk",), ("public",), "advice"))
    assert [s.advice.id for s in to_a_company.suggestions] == ["advice.risk.private.1", "advice.risk.private.2"]
    assert [s.reader for s in to_a_company.suggestions] == ["private", "private"]
    to_a_known_side = reply_to(Question("answer", "en", ("risk",), ("public",), "advice", side="private"))
    assert [s.reader for s in to_a_known_side.suggestions] == [None, None]
    to_both = reply_to(Question("answer", "en", ("risk",), PARTIES, "advice"))
    assert {s.reader for s in to_both.suggestions} == {"private", "public"}
    text = render_text(to_both, K)
    assert K.phrases.suggestions_title["en"] in text
    for question in every_question("en"):
        reply = reply_to(question)
        assert len(reply.suggestions) <= MAX_SUGGESTIONS
        assert bool(reply.suggestions) == (question.facet == "advice" and question.kind == "answer")


def test_advice_asked_again_gives_the_next_suggestions():
    question = Question("answer", "en", ("risk",), ("public",), "advice")
    again = reply_to(question, Context().after(question))
    assert again.suggestions[0].advice.id == "advice.risk.private.3"


def test_two_dimensions_get_both():
    text = render_text(reply_to(Question("answer", "en", ("goals", "risk"), ("public",), "describe")), K)
    for name in ("goals", "risk"):
        assert K.dimensions[name].parties.public.answer["en"] in text


def test_the_caution_is_said_at_first_and_not_in_every_turn():
    question = Question("answer", "en", ("risk",), ("public",), "describe")
    assert reply_to(question).note
    assert not reply_to(question, Context().after(question)).note


def test_the_first_greeting_says_what_this_is():
    for language, words in (("da", "automatisk assistent"), ("en", "automatic assistant")):
        text = render_text(reply_to(Question("smalltalk", language, topic="greet")), K)
        assert words in text and K.comparison.document[language] in text


def test_out_of_scope_names_what_it_knows_and_offers_the_nearest():
    reply = reply_to(Question("out_of_scope", "en", nearest=("risk", "goals")))
    assert reply.buttons[:2] == (K.dimensions["risk"].question["en"], K.dimensions["goals"].question["en"])
    assert not reply.statements and not reply.suggestions


@pytest.mark.parametrize("language", LANGUAGES)
def test_buttons_are_few_and_different(language):
    for question in every_question(language):
        buttons = reply_to(question).buttons
        limit = len(DIMENSIONS) if question.kind == "clarification" else MAX_BUTTONS
        assert len(buttons) == len(set(buttons)) <= limit


def test_the_source_line_names_row_party_and_points():
    text = render_text(reply_to(Question("answer", "da", ("risk",), ("public",), "describe")), K)
    assert text.endswith("_Kilde: »Partnere i et OPI-samarbejde«, rækken »Risiko-profil for OPI-aktører« (offentlige aktører, punkt 1–3)._")


@pytest.mark.parametrize("language", LANGUAGES)
def test_in_trouble_it_says_so_before_the_comparison_and_what_is_missing_after_it(language):
    text = render_text(reply_to(Question("trouble", language, ("risk",), PARTIES)), K)
    parts = [K.phrases.trouble_compared[language], K.dimensions["risk"].contrast[language], K.phrases.trouble_again[language]]
    assert [text.index(part) for part in parts] == sorted(text.index(part) for part in parts)
    assert render_text(reply_to(Question("trouble", language)), K) == K.phrases.trouble[language]
