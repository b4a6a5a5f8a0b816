"""Resolving a message against its conversation: one table for each way in which a message can lean on it."""
import pytest

from opi_advisor.knowledge import DIMENSIONS, PARTIES
from opi_advisor.question import TRAIL_LENGTH, Context, Question, Reading, resolve, without_context

PUBLIC, PRIVATE, BOTH = ("public",), ("private",), ("private", "public")


def asked(dimensions="decision_speed", parties=PUBLIC, facet="why", kind="answer", **more):
    dimensions = tuple(dimensions.split("+")) if kind == "answer" else ()
    parties = () if kind in ("overview", "background") else parties
    return Question(kind=kind, language="en", dimensions=dimensions, parties=parties, facet=facet, **more)


def after(*questions, side=None):
    context = Context(side=side, language="en")
    for question in questions:
        context = context.after(question)
    return context


def follow(**labels):
    return Reading("follow_up", **labels)


def about(dimension="risk", **labels):
    return Reading(dimension, dimensions=(dimension,), **labels)


@pytest.mark.parametrize(("name", "reading", "context", "expected"), [
    # a question of its own
    ("one party", about(parties=PUBLIC, facet="why"), after(), ("answer", ("risk",), PUBLIC, "why")),
    ("nobody named is both", about(), after(), ("answer", ("risk",), BOTH, "compare")),
    ("nobody named is both, whatever was asked before", about(facet="advice"), after(asked()), ("answer", ("risk",), BOTH, "advice")),
    ("one party compared is described", about(parties=PUBLIC, facet="compare"), after(), ("answer", ("risk",), PUBLIC, "describe")),
    ("both described is compared", about(parties=BOTH, facet="describe"), after(), ("answer", ("risk",), BOTH, "compare")),
    ("two dimensions in the order of the message", Reading("risk", dimensions=("risk", "goals"), parties=PUBLIC), after(),
     ("answer", ("risk", "goals"), PUBLIC, "describe")),
    # a new dimension that leans on the last question
    ("and risk?", about(elliptical=True), after(asked()), ("answer", ("risk",), PUBLIC, "why")),
    ("and the company's risk?", about(elliptical=True, parties=PRIVATE), after(asked()), ("answer", ("risk",), PRIVATE, "why")),
    ("and risk, after a comparison", about(elliptical=True), after(asked(parties=BOTH, facet="compare")),
     ("answer", ("risk",), BOTH, "compare")),
    ("and risk, first message", about(elliptical=True), after(), ("answer", ("risk",), BOTH, "compare")),
    # follow-ups that name no dimension
    ("and the company?", follow(parties=PRIVATE), after(asked()), ("answer", ("decision_speed",), PRIVATE, "why")),
    ("why?", follow(facet="why"), after(asked(facet="describe")), ("answer", ("decision_speed",), PUBLIC, "why")),
    ("what do we do about it?", follow(facet="advice"), after(asked()), ("answer", ("decision_speed",), PUBLIC, "advice")),
    ("what is the difference?", follow(parties=BOTH, facet="compare"), after(asked()), ("answer", ("decision_speed",), BOTH, "compare")),
    ("one side after a comparison", follow(parties=PRIVATE), after(asked(parties=BOTH, facet="compare")),
     ("answer", ("decision_speed",), PRIVATE, "describe")),
    ("the other one after the answer to who is the most", follow(parties=("other",)), after(asked(parties=BOTH, facet="compare", singled="private")),
     ("answer", ("decision_speed",), PUBLIC, "describe")),
    ("they after the answer to who is the most", follow(parties=("they",), facet="why"),
     after(asked(parties=BOTH, facet="compare", singled="private")), ("answer", ("decision_speed",), PRIVATE, "why")),
    ("they, where the asker is the most", follow(parties=("they",), facet="why"),
     after(asked(parties=BOTH, facet="compare", singled="private"), side="private"), ("answer", ("decision_speed",), PUBLIC, "why")),
    ("both sides after a description", follow(parties=BOTH), after(asked(facet="describe")), ("answer", ("decision_speed",), BOTH, "compare")),
    ("small talk in between", follow(parties=PRIVATE), after(asked(), asked(kind="smalltalk", topic="thanks")),
     ("answer", ("decision_speed",), PRIVATE, "why")),
    ("out of scope in between", follow(facet="why"), after(asked(facet="describe"), asked(kind="out_of_scope")),
     ("answer", ("decision_speed",), PUBLIC, "why")),
    ("nothing before", follow(parties=PRIVATE), after(), ("clarification", (), PRIVATE, None)),
    ("as well about one dimension as about another", about(parties=PUBLIC, torn=("risk", "goals")), after(), ("clarification", (), PUBLIC, "describe")),
    ("as well about one dimension as about the one just spoken of", about(parties=PUBLIC, facet="advice", torn=("risk", "decision_speed")),
     after(asked()), ("answer", ("decision_speed",), PUBLIC, "advice")),
    ("as well about one as about the other of two just spoken of", about(parties=PUBLIC, torn=("risk", "goals")), after(asked("goals+risk")),
     ("clarification", (), PUBLIC, "describe")),
    ("faintly about another than the one just spoken of", Reading("risk", dimensions=("risk", "goals"), faint=("goals",), parties=PUBLIC),
     after(asked("risk")), ("answer", ("risk",), PUBLIC, "describe")),
    ("faintly about another, and something else was spoken of", Reading("risk", dimensions=("risk", "goals"), faint=("goals",), parties=PUBLIC),
     after(asked("horizon")), ("answer", ("risk", "goals"), PUBLIC, "describe")),
    ("the answer to our question back", about("goals", parties=()), after(asked(kind="clarification", parties=PRIVATE, facet="why")),
     ("answer", ("goals",), PRIVATE, "why")),
    ("the first of the two", follow(references=("1",)), after(asked(kind="clarification", nearest=("risk", "goals"))), ("answer", ("risk",), PUBLIC, "why")),
    ("a new question instead of an answer to ours", about("goals", parties=PUBLIC, facet="advice"),
     after(asked(kind="clarification", parties=PRIVATE, facet="why")), ("answer", ("goals",), PUBLIC, "advice")),
    ("our question back is forgotten after one turn", about("goals"), after(asked(kind="clarification", parties=PRIVATE), asked(kind="smalltalk")),
     ("answer", ("goals",), BOTH, "compare")),
    ("after an overview", follow(parties=PRIVATE), after(asked(kind="overview")), ("overview", (), (), "why")),
    ("a weak reading leans on the last question", about("goals", facet="why", chances={"goals": 0.6, "follow_up": 0.3}), after(asked()),
     ("answer", ("decision_speed",), PUBLIC, "why")),
    ("with nothing to lean on it stands alone", about("goals", facet="why", chances={"goals": 0.6, "follow_up": 0.3}), after(),
     ("answer", ("goals",), BOTH, "why")),
    ("perhaps about what was spoken of", about("horizon", parties=PUBLIC, facet="advice", chances={"horizon": 0.7, "decision_speed": 0.25}),
     after(asked()), ("answer", ("decision_speed",), PUBLIC, "advice")),
    ("perhaps about one of two that were spoken of", about("horizon", facet="advice", chances={"horizon": 0.7, "goals": 0.25}),
     after(asked("goals+risk", facet="advice")), ("answer", ("goals", "risk"), PUBLIC, "advice")),
    ("hardly about what was spoken of", about("horizon", facet="advice", chances={"horizon": 0.8, "decision_speed": 0.15}),
     after(asked()), ("answer", ("horizon",), BOTH, "advice")),
    ("a bit of both: about it, or following it", about("horizon", chances={"horizon": 0.7, "decision_speed": 0.1, "follow_up": 0.1}),
     after(asked(parties=PRIVATE)), ("answer", ("decision_speed",), PRIVATE, "why")),
    ("what may be background, and may be what was spoken of", Reading("background", parties=PUBLIC, facet="why", chances={"background": 0.6, "goals": 0.3}),
     after(asked("goals", facet="describe")), ("answer", ("goals",), PUBLIC, "why")),
    ("about what was spoken of and more", Reading("horizon", dimensions=("horizon", "decision_speed"), parties=PUBLIC, facet="why",
                                                  chances={"horizon": 0.5, "decision_speed": 0.5}),
     after(asked()), ("answer", ("horizon", "decision_speed"), PUBLIC, "why")),
    ("out of scope, though it has words of what was spoken of", Reading("out_of_scope", chances={"out_of_scope": 0.6, "decision_speed": 0.4}),
     after(asked()), ("out_of_scope", (), (), None)),
    ("the same dimension keeps its party", about("decision_speed", facet="why"), after(asked()), ("answer", ("decision_speed",), PUBLIC, "why")),
    ("back to advice about an earlier one", about("decision_speed", facet="advice"), after(asked(), asked("risk", parties=PRIVATE)),
     ("answer", ("decision_speed",), PUBLIC, "advice")),
    ("back to an earlier one, and no advice", about("decision_speed", facet="why"), after(asked(), asked("risk", parties=PRIVATE)),
     ("answer", ("decision_speed",), BOTH, "why")),
    ("compared with the ministry", follow(parties=PUBLIC, facet="compare"), after(asked(parties=PRIVATE)),
     ("answer", ("decision_speed",), BOTH, "compare")),
    ("what reads as out of scope may follow", Reading("out_of_scope", parties=PRIVATE, chances={"out_of_scope": 0.55, "follow_up": 0.4}), after(asked()),
     ("answer", ("decision_speed",), PRIVATE, "why")),
    ("what hardly leans stays out of scope", Reading("out_of_scope", parties=PRIVATE, chances={"out_of_scope": 0.7, "follow_up": 0.25}), after(asked()),
     ("out_of_scope", (), (), None)),
    # we and they
    ("they, side told before", about(parties=("they",), facet="why"), after(side="private"), ("answer", ("risk",), PUBLIC, "why")),
    ("we, side told before", about(parties=("we",), facet="why"), after(side="private"), ("answer", ("risk",), PRIVATE, "why")),
    ("they, side told in the message", about(parties=("they",), side="public"), after(), ("answer", ("risk",), PRIVATE, "describe")),
    ("we and they", about(parties=("they", "we"), facet="why"), after(side="public"), ("answer", ("risk",), BOTH, "why")),
    ("they are the party of the last question", about(parties=("they",)), after(asked(parties=PRIVATE)), ("answer", ("risk",), PRIVATE, "describe")),
    ("they are never the asker", about(parties=("they",)), after(asked(parties=PRIVATE), side="private"), ("answer", ("risk",), PUBLIC, "describe")),
    ("they without any hint", about(parties=("they",)), after(), ("answer", ("risk",), BOTH, "compare")),
    ("we without a side", about(parties=("we",), facet="why"), after(), ("answer", ("risk",), BOTH, "why")),
    ("they after a question on who one party is", about(parties=("they",)), after(asked(kind="background", singled="public")),
     ("answer", ("risk",), PUBLIC, "describe")),
    ("the other one after it", about(parties=("other",)), after(asked(kind="background", singled="public")),
     ("answer", ("risk",), PRIVATE, "describe")),
    ("a named party beats a pronoun", about(parties=("public", "they")), after(side="public"), ("answer", ("risk",), PUBLIC, "describe")),
    ("and us? by somebody who has asked about the companies", follow(parties=("we",)), after(asked(parties=PRIVATE)),
     ("answer", ("decision_speed",), PUBLIC, "why")),
    ("what can we do? is no question about us", follow(parties=("we",), facet="advice"), after(asked(parties=PRIVATE)),
     ("answer", ("decision_speed",), PRIVATE, "advice")),
    ("what do we do, we're a ministry", follow(parties=("we",), facet="advice", side="public"), after(asked(parties=PRIVATE)),
     ("answer", ("decision_speed",), PRIVATE, "advice")),
    ("and us?", follow(parties=("we",)), after(asked(), side="private"), ("answer", ("decision_speed",), PRIVATE, "why")),
    # places in the list and in the conversation
    ("number 4", follow(references=("4",)), after(asked(kind="overview")), ("answer", ("risk",), BOTH, "compare")),
    ("number 4 for the company", follow(references=("4",), parties=PRIVATE), after(asked(kind="overview")), ("answer", ("risk",), PRIVATE, "describe")),
    ("number 9", follow(references=("9",)), after(asked(kind="overview")), ("overview", (), (), None)),
    ("the last one", follow(references=("last",)), after(asked(kind="overview")), ("answer", ("organisation_type",), BOTH, "compare")),
    ("the last one after a row of the table", follow(references=("last",)), after(asked(kind="overview"), asked("risk")),
     ("answer", ("organisation_type",), BOTH, "why")),
    ("the last thing spoken of", follow(references=("last",), parties=PRIVATE), after(asked("goals"), asked("risk")),
     ("answer", ("risk",), PRIVATE, "why")),
    ("the last of two spoken of", follow(references=("last",), parties=PRIVATE), after(asked("goals+risk")),
     ("answer", ("risk",), PRIVATE, "why")),
    ("the same for the company, of two spoken of", about("goals", parties=PRIVATE, chances={"goals": 0.5, "follow_up": 0.3}), after(asked("goals+risk")),
     ("answer", ("goals", "risk"), PRIVATE, "why")),
    ("one of two spoken of", about("goals", parties=PRIVATE, chances={"goals": 0.9}), after(asked("goals+risk")),
     ("answer", ("goals",), PRIVATE, "describe")),
    ("the second of two asked about", follow(references=("2",)), after(asked("goals+risk")), ("answer", ("risk",), PUBLIC, "why")),
    ("the second, after the first", follow(references=("2",)), after(asked("goals+risk"), asked("goals", parties=PRIVATE)),
     ("answer", ("risk",), PRIVATE, "why")),
    ("the first once more", follow(references=("1",)), after(asked("goals+risk"), asked("goals")), ("answer", ("goals",), PUBLIC, "why")),
    ("the other one of two dimensions is not the other party", follow(references=("2",), parties=("other",)), after(asked("goals+risk"), asked("goals")),
     ("answer", ("risk",), PUBLIC, "why")),
    ("number 3 after a question about two", follow(references=("3",)), after(asked("goals+risk")), ("answer", ("horizon",), BOTH, "why")),
    ("number 2 after a question about another one", follow(references=("2",)), after(asked("goals+risk"), asked("horizon")),
     ("answer", ("incentives",), BOTH, "why")),
    ("number 1 of an overview after a question about two", follow(references=("1",)), after(asked("horizon+risk"), asked(kind="overview")),
     ("answer", ("goals",), BOTH, "compare")),
    ("the next one", follow(references=("next",)), after(asked()), ("answer", ("organisation_type",), PUBLIC, "why")),
    ("the next after the last is the first", follow(references=("next",)), after(asked("organisation_type")), ("answer", ("goals",), PUBLIC, "why")),
    ("the next after an overview is the first", follow(references=("next",)), after(asked(kind="overview")), ("answer", ("goals",), BOTH, "compare")),
    ("the next after two in the order of the message", follow(references=("next",)), after(asked("risk+goals")), ("answer", ("decision_speed",), PUBLIC, "why")),
    ("the first of two in the order of the message", follow(references=("1",)), after(asked("risk+goals")), ("answer", ("risk",), PUBLIC, "why")),
    # going back
    ("back", follow(returns=True), after(asked("goals"), asked("risk", PRIVATE)), ("answer", ("goals",), PUBLIC, "why")),
    ("back past questions on the same", follow(returns=True), after(asked("goals"), asked("risk"), asked("risk", PRIVATE)),
     ("answer", ("goals",), PUBLIC, "why")),
    ("back with nowhere to go", follow(returns=True), after(asked()), ("overview", (), (), None)),
    ("back with nowhere to go and something to ask", follow(returns=True, facet="advice"), after(asked()), ("answer", ("decision_speed",), PUBLIC, "advice")),
    ("back to the first, what do we do?", follow(returns=True, facet="advice", chances={"follow_up": 0.7, "goals": 0.2, "risk": 0.1}),
     after(asked("goals"), asked("risk", PRIVATE), asked("horizon", PRIVATE)), ("answer", ("goals",), PUBLIC, "advice")),
    ("back to risk, the council's?", about(returns=True, parties=PUBLIC, chances={"risk": 0.6, "horizon": 0.4}),
     after(asked("risk", PRIVATE), asked("horizon", PRIVATE)), ("answer", ("risk",), PUBLIC, "describe")),
    ("back to work: what about goals?", about("goals", returns=True, chances={"goals": 1.0}), after(asked("risk"), asked("horizon")),
     ("answer", ("goals",), BOTH, "compare")),
    ("my boss's first question is about their goals", about("goals", returns=True, parties=("they",), chances={"goals": 1.0}),
     after(asked("risk", PRIVATE), asked("horizon")), ("answer", ("goals",), PUBLIC, "describe")),
])
def test_resolution(name, reading, context, expected):
    question = resolve(reading, context)
    assert (question.kind, question.dimensions, question.parties, question.facet) == expected


@pytest.mark.parametrize(("reading", "side", "premise", "verdict"), [
    (about(parties=PUBLIC, facet="why", assumes=True, claim="private"), None, "contradicts", None),
    (about(parties=PUBLIC, facet="why", assumes=True, claim="public"), None, "holds", None),
    (about(parties=PRIVATE, facet="advice", assumes=True, claim="public"), None, "contradicts", None),
    (about(parties=("they",), facet="why", assumes=True, claim="private"), "private", "contradicts", None),
    (about(parties=("they",), facet="why", assumes=True, claim="private"), "public", "holds", None),
    (about(parties=BOTH, facet="why", assumes=True, order="swapped", claim="private"), None, "contradicts", None),
    (about(parties=BOTH, facet="why", assumes=True, order="aligned", claim="private"), None, "holds", None),
    (about(parties=BOTH, facet="why", assumes=True, claim="private"), None, "none", None),
    (about(parties=PUBLIC, assumes=False, claim="private"), None, "none", None),
    (about(parties=PUBLIC, polar=True, claim="public"), None, "none", "yes"),
    (about(parties=PUBLIC, polar=True, claim="private"), None, "none", "no"),
    (about(parties=BOTH, polar=True, order="swapped"), None, "none", "no"),
    (about(parties=BOTH, polar=True), None, "none", "unsaid"),
    (about(parties=PUBLIC, facet="why", polar=True, claim="public"), None, "none", None),
    (follow(parties=PUBLIC, facet="why", assumes=True, claim="private"), None, "holds", None),
])
def test_what_a_question_takes_for_granted_is_compared_with_the_source(reading, side, premise, verdict):
    question = resolve(reading, after(asked(parties=PRIVATE), side=side) if reading.intent == "follow_up" else Context(side=side))
    assert (question.premise, question.verdict) == (premise, verdict)


def test_language_follows_the_message_or_else_the_conversation():
    assert resolve(Reading("greet", language="en"), Context(language="da")).language == "en"
    assert resolve(Reading("greet"), Context(language="en")).language == "en"


def test_the_side_is_remembered_and_changes_only_where_it_is_told_anew():
    context = after().after(resolve(Reading("tell_side", side="public"), after()))
    assert context.side == "public"
    assert context.after(resolve(about(side="private"), context)).side == "public"
    assert resolve(about(parties=("they",), side="private"), context).parties == PRIVATE
    assert context.after(resolve(Reading("tell_side", side="private"), context)).side == "private"
    assert context.after(resolve(Reading("tell_side"), context)).side == "public"


def test_who_asks_about_us_after_the_others_is_not_the_others():
    context = after(asked())
    context = context.after(resolve(follow(parties=("we",)), context))
    assert context.side == "private"
    assert resolve(about(parties=("they",)), context).parties == PUBLIC


def test_the_trail_is_bounded_and_survives_as_json():
    context = after(*(asked() for _ in range(20)))
    assert len(context.trail) == TRAIL_LENGTH
    assert [Question.from_dict(question.to_dict()) for question in context.trail] == list(context.trail)


def test_a_reading_ignores_keys_it_does_not_know():
    assert Reading.from_dict({"intent": "risk", "parties": ["public"], "new": 1}) == Reading("risk", parties=PUBLIC)


@pytest.mark.parametrize(("reading", "dimensions"), [
    (about("risk", language="en"), ("risk",)), (Reading("risk", "en", dimensions=("risk", "goals")), ("goals", "risk")),
    (Reading("overview", "en"), DIMENSIONS), (follow(language="en"), ()), (Reading("out_of_scope", "en"), ()), (Reading("greet", "en"), ()),
])
def test_without_context_only_what_a_message_is_about_itself_is_compared(reading, dimensions):
    question = without_context(reading, "da")
    assert (question.kind, question.dimensions, question.language) == ("trouble", dimensions, "en")
    assert (question.parties, question.facet) == ((PARTIES, "compare") if dimensions else ((), None))


def test_without_context_the_language_is_the_conversations_where_the_message_does_not_tell():
    assert without_context(Reading("follow_up"), "en").language == "en"
    assert without_context(Reading("greet", likely_language="en"), None).language == "en"
    assert without_context(Reading("greet"), None).language == "da"


@pytest.mark.parametrize(("name", "reading", "singled"), [
    ("who is the most careful?", about(facet="compare", claim="private", chooses=True), "private"),
    ("who takes the longest? where it is not clear what is described", about(facet="compare", chooses=True), None),
    ("what is the difference in care?", about(facet="compare", claim="private"), None),
    ("who is it, the careful company or the bold council?", about(facet="compare", parties=BOTH, claim="private", order="aligned", chooses=True), None),
    ("how careful are companies?", about(facet="describe", parties=PRIVATE, claim="private"), None),
])
def test_a_comparison_singles_out_whom_its_words_describe(name, reading, singled):
    assert resolve(reading, after()).singled == singled


def test_a_question_on_the_background_remembers_the_party_that_it_names():
    asked_first = resolve(Reading(intent="background", language="en", parties=PRIVATE), Context())
    assert (asked_first.kind, asked_first.parties, asked_first.singled) == ("background", (), "private")
    then = resolve(follow(parties=PUBLIC), Context().after(asked_first))
    assert (then.kind, then.singled) == ("background", "public")
