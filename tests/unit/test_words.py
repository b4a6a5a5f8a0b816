"""Folding, tokens and the lexicon."""
import pytest
import yaml

from opi_advisor.knowledge import DIMENSIONS
from opi_advisor.nlu.features import Views
from opi_advisor.nlu.words import Names, Negations, PartyAfter, PartyTagger, ReferenceReader, Speller, fold, tokens
from opi_advisor.project import LEXICON

LEXICON_DATA = yaml.safe_load(LEXICON.read_text(encoding="utf-8"))
TAGGER, REFERENCES = PartyTagger(LEXICON_DATA), ReferenceReader(LEXICON_DATA)


def test_danish_letters_and_their_spellings_are_one():
    assert fold("BESLUTNINGSVEJE på ÆRØ") == fold("beslutningsveje paa aeroe")


def test_tokens_drop_possessives_and_keep_question_marks():
    assert tokens("The company's goals, SMV'ers mål?") == ["the", "company", "goals", "smv'ers", "maal", "?"]
    assert tokens("🙂 ... !") == []


@pytest.mark.parametrize(("text", "tags"), [
    ("kommunens tempo", ["public", None]),
    ("sundhedsforvaltningen og medtech-firmaet", ["public", None, "private"]),
    ("the start-up and city hall", [None, "private", None, "public", None]),
    ("en iværksætter", [None, "private"]),
    ("både private og offentlige", [None, "private", None, "public"]),
    ("hvad er risiko", [None, None, None]),
])
def test_party_words(text, tags):
    assert TAGGER.tag(tokens(text)) == tags


@pytest.mark.parametrize(("text", "places"), [
    ("number 4", ["4"]), ("nr. 2 tak", ["2"]), ("nummer tre", ["3"]), ("the second one", ["2"]), ("den første", ["1"]),
    ("4 and 5", ["4", "5"]), ("nummer to og seks", ["2", "6"]), ("femmeren", ["5"]), ("den anden", []),
    ("the next one", ["next"]), ("den næste", ["next"]), ("så tager vi den sidste", ["last"]), ("no, the first one", ["1"]), ("go back", []),
    ("de to parter", []), ("why?", []), ("no", []),
])
def test_places(text, places):
    assert REFERENCES.read(tokens(text)) == places


@pytest.mark.parametrize(("text", "acting"), [
    ("what can a small supplier do about that", ["private"]), ("How should the municipality handle it?", ["public"]),
    ("hvad gør en sælger så", ["private"]), ("Hvordan skal firmaet håndtere det hos os?", ["private"]),
    ("what do we do about the supplier", []), ("hvordan møder vi kommunen", []), ("can you tell me about the company", []),
    ("how do I handle the council's supplier", []), ("could a company and must the council", ["private", "public"]),
])
def test_who_acts(text, acting):
    words = tokens(text)
    assert PartyAfter(LEXICON_DATA, "acting").of(words, TAGGER.tag(words)) == acting


@pytest.mark.parametrize(("text", "side"), [
    ("I'm with the municipality, our partner is a two-man robotics shop", ["public"]), ("We're a small supplier.", ["private"]),
    ("vores partner er et firma, og jeg er ansat i kommunen", ["public"]), ("we are the council's supplier", ["private"]), ("we wait for the council", []),
])
def test_own_side_in_so_many_words(text, side):
    words = tokens(text)
    assert PartyAfter(LEXICON_DATA, "own_side").of(words, TAGGER.tag(words)) == side


def test_views_of_a_text():
    words = tokens("Why is the council slow and the firm not fast?")
    views = Views(LEXICON_DATA).of(words, TAGGER.tag(words))
    assert "council PUBLICPARTY" in views["plain"] and "firm PRIVATEPARTY" in views["plain"]
    assert views["behaviour"] == "why is the SOMEPARTY slow and the SOMEPARTY not NOT_FAST ?"
    assert views["public"] == "why is the SOMEPARTY slow and the"
    assert views["private"] == "SOMEPARTY not NOT_FAST ?"


@pytest.mark.parametrize(("text", "marked"), [
    ("they won't take risks", "they won't NOT_TAKE NOT_RISKS"),
    ("de vil ikke dele viden", "de vil ikke NOT_DELE NOT_VIDEN"),
    ("no risk", "no NOT_RISK"),
    ("they take risks", "they take risks"),
    ("how do we get them to share", "how do we get them to NOT_SHARE"),
    ("hvordan får vi en startup til at vente", "hvordan faar vi en startup til at NOT_VENTE"),
    ("get a very long list of five words to read", "get a very long list of five words to read"),
])
def test_negated_words_are_marked(text, marked):
    assert " ".join(Negations(LEXICON_DATA).mark(tokens(text))) == marked


@pytest.mark.parametrize(("typed", "meant"), [
    ("munincipality", "municipality"), ("virksomehd", "virksomhed"), ("municipality", "municipality"),
    ("beslutnigsproces", "beslutningsproces"), ("rsik", "rsik"), ("parliament", "parliament"),
    ("Hvad vil Virksomehden naa?", "hvad vil virksomheden nå?"), ("the company's risk", "the company's risk"),
    ("\ud800 \x00 🙂", "\ud800 \x00 🙂"),
])
def test_slips_are_corrected_and_other_words_left(typed, meant):
    speller = Speller(["municipality", "virksomheden", "virksomhed", "beslutningsproces", "risk", "company", "nå"])
    assert speller.correct(typed) == meant


def test_known_words_get_their_usual_spelling_and_only_those():
    speller = Speller.of_texts(["Hvor går de?", "går det", "det gaar", "hvor er det"])
    assert speller.respell("Det GAAR ikke, hvro?") == "det går ikke, hvro?"


@pytest.mark.parametrize(("text", "named"), [
    ("mål og risiko hos kommunen", ["goals", "risk"]), ("incentives and the time horizon", ["incentives", "horizon"]),
    ("organisation type, decisions", ["decision_speed", "organisation_type"]), ("hvorfor er de sådan", []),
])
def test_dimensions_called_by_name(text, named):
    assert Names(LEXICON_DATA, DIMENSIONS).of(tokens(text)) == named


@pytest.mark.parametrize(("text", "familiar"), [
    ("why is the council slow?", True), ("why is the concil slw?", True), ("why mon?", True), ("mon?", False), ("miksi kunta on slow", False),
    ("为什么", False), ("??? 12", False),
])
def test_a_text_of_unknown_words_is_not_familiar(text, familiar):
    assert Speller.of_texts(["why is the council slow", "why is the council so slow"]).is_familiar(text) == familiar
