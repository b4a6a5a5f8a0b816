"""The knowledge base: complete against the source's table, and strict about every mistake an editor can make."""
from pathlib import Path
from shutil import copytree

import pytest

from opi_advisor.knowledge import DIMENSIONS, LANGUAGES, PARTIES, default_knowledge, load_knowledge
from opi_advisor.project import KNOWLEDGE
from opi_advisor.yaml_source import ContentError

# The source's table, written down point by point from the source itself: row, then a word that must be in the Danish
# statement of each private point and each public point.
TABLE = {
    "goals": ("Mål med deltagelse i OPI", ("produkt og profit", "konsistente og klare", "niveauet er lavt"),
              ("mange mål", "mangfoldige", "niveauet er højt")),
    "incentives": ("Incitament for deltagelse i OPI-samarbejder", ("økonomisk", "konkurrencemæssige fordele", "begrænse vidensdelingen"),
                   ("sociale og politiske", "højne kvaliteten af velfærdsprodukter", "vidensdeling")),
    "horizon": ("Horisonter for OPI-output", ("hurtige resultater", "kortsigtede", "markedssensitive"),
                ("sikre resultater", "langsigtede", "processen også være et mål")),
    "risk": ("Risiko-profil for OPI-aktører", ("lav grad af risiko", "risikovillighed er typisk lav", "vished om output"),
             ("høj grad af risiko", "relativt høj", "uvished om output")),
    "decision_speed": ("Beslutnings-hastigheder", ("hurtigt", "ofte kort og entydig", "få aktører"),
                       ("langsomt", "ofte lange og komplekse", "behov og tradition for at involvere mange")),
    "organisation_type": ("Organisations-type", ("responsive", "kundedrevne", "markedsorienteret"),
                          ("retligheds- og lovbestemte", "teknologi, eksperter, borgere og politikere", "systemorienteret målstyring")),
}
# Every point that the source makes around its table, by a piece of its own words.
AROUND = (
    "overfladisk kendskab", "dybere kendskab", "kende, bruge og værdsætte", "mange forskellige interesser er i spil",
    "afspore eller udfordre", "forskellige mål, værdier og strategier", "forskellige effekter", "fordel at orientere dig",
    "ikke forhindrer samarbejdet", "lyst til at udfordre hinandens indstillinger", "rimelig ens interesser",
    "mange aktører med forskellige interesser", "Flere offentlige og private aktører", "faggrupper, politikere og brugere",
)
HEDGES = {"da": ("typisk", "ofte", "relativt", "kan "), "en": ("typically", "often", "relatively", "can ")}


@pytest.fixture()
def folder(tmp_path: Path) -> Path:
    return Path(copytree(KNOWLEDGE, tmp_path / "knowledge"))


def replace(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("dimension", TABLE)
def test_every_point_of_the_table_is_carried_by_a_statement(dimension):
    row, *columns = TABLE[dimension]
    knowledge = default_knowledge()
    for party, column in zip(PARTIES, columns):
        statements = knowledge.of_party(dimension, party)
        assert [statement.id for statement in statements] == [f"{dimension}.{party}.{point}" for point in (1, 2, 3)]
        for statement, words in zip(statements, column):
            assert words in statement.text["da"]
            assert (statement.source.row, statement.source.party) == (row, party)


def test_dimensions_stand_in_the_order_of_the_source():
    assert tuple(default_knowledge().dimensions) == DIMENSIONS == tuple(TABLE)


@pytest.mark.parametrize("words", AROUND)
def test_every_point_around_the_table_is_carried_by_a_statement(words):
    around = [statement for topic in default_knowledge().topics for statement in default_knowledge().of_topic(topic)]
    assert any(words in statement.text["da"] for statement in around)


@pytest.mark.parametrize("language", LANGUAGES)
def test_statements_of_the_table_keep_a_hedge(language):
    for dimension in DIMENSIONS:
        for party in PARTIES:
            for statement in default_knowledge().of_party(dimension, party):
                assert any(hedge in statement.text[language] for hedge in HEDGES[language]), statement.id


def test_statements_are_full_sentences():
    for statement in default_knowledge().statements.values():
        for language in LANGUAGES:
            assert statement.text[language][0].isupper() and statement.text[language].endswith(".")


def test_parties_stand_on_different_sides_of_each_axis():
    for dimension in default_knowledge().dimensions.values():
        assert (dimension.axis.private - 3) * (dimension.axis.public - 3) < 0, dimension.id


def test_knowledge_is_immutable():
    knowledge = default_knowledge()
    with pytest.raises(TypeError):
        knowledge.dimensions["risk"].axis.public = 1
    with pytest.raises(TypeError):
        knowledge.statements["risk.public.1"] = None


@pytest.mark.parametrize(("name", "old", "new", "words"), [
    ("comparison.yml", "    en: Private actors typically decide fast, along", "    eng: Private actors typically decide fast, along", "'en' is missing"),
    ("comparison.yml", "- id: risk\n", "- id: danger\n", "unknown dimension 'danger'"),
    ("comparison.yml", "- id: risk\n", "- id: danger\n", "the dimension 'risk' is missing"),
    ("comparison.yml", "id: goals.private.2", "id: goals.private.1", "used twice"),
    ("comparison.yml", "id: goals.private.2", "id: goals.private.7", "does not fit its place"),
    ("comparison.yml", "        point: 2\n", "", "'point' is missing"),
    ("comparison.yml", "points: [1, 2]", "points: [1, 9]", "point 9 has no statement"),
    ("comparison.yml", "    private: 1\n", "    private: 9\n", "'private' can't be used"),
    ("comparison.yml", "  row: Mål", "  colour: red\n  row: Mål", "'colour' is not known here"),
    ("comparison.yml", "document:\n", "document:\n  da: x\n", "'da' stands twice"),
    ("background.yml", "topics:\n", "topics: [\n", "not valid YAML"),
    ("background.yml", "  - id: background.challenge.1\n    section:", "  - id: background.challenge.1\n    place:", "'section' is missing"),
    ("advice.yml", "advice.goals.public.2", "advice.goals.public.1", "used twice"),
    ("phrases.yml", "goodbye:\n", "yes:\n  da: Ja\n  en: Yes\ngoodbye:\n", "does not read the key 'yes' as text"),
    ("phrases.yml", "  en: Goodbye, and good luck with the collaboration.\n", "  en: ''\n", "'en' is empty"),
    ("page.yml", "- da: Hvad driver virksomheden?\n  en: What drives the company?\n", "", "'examples' can't be used"),
    ("onboarding.yml", "    dimension: risk\n    situation:", "    dimension: danger\n    situation:", "unknown dimension 'danger'"),
    ("onboarding.yml", "    dimension: risk\n    situation:", "    dimension: goals\n    situation:", "the dimension 'risk' is missing"),
    ("onboarding.yml", "  - dimension: risk\n    clash:", "  - dimension: goals\n    clash:", "the dimension 'risk' is missing"),
    ("onboarding.yml", "      private: advice.risk.private.1", "      private: advice.risk.public.1", "no suggestion 'advice.risk.public.1' here"),
    ("onboarding.yml", "        right: true\n", "        right: false\n", "0 options are right"),
    ("onboarding.yml", "        right: false\n", "        right: true\n", "2 options are right"),
    ("onboarding.yml", "        means: private\n", "        means: company\n", "'company' is no group of answers"),
    ("onboarding.yml", "statements: [risk.public.3,", "statements: [risk.public.9,", "no statement 'risk.public.9'"),
    ("onboarding.yml", "        means: 'yes'\n", "        means: yes\n", "'means' has something that is no text"),
    ("onboarding_phrases.yml", "  pause:\n", "  paus:\n", "'pause' is missing"),
    ("onboarding_phrases.yml", '"on", now', "on, now", "'en' has something that is no text"),
])
def test_a_mistake_is_named_with_file_line_and_remedy(folder, name, old, new, words):
    replace(folder, name, old, new)
    with pytest.raises(ContentError) as caught:
        load_knowledge(folder)
    found = [problem for problem in caught.value.problems if words in problem.what]
    assert found, caught.value
    assert found[0].file == name and found[0].line > 0 and found[0].mend.endswith(".")


def test_a_mistake_is_named_with_its_own_line(folder):
    text = (folder / "comparison.yml").read_text(encoding="utf-8")
    line = text[:text.index("id: goals.private.2")].count("\n") + 1
    replace(folder, "comparison.yml", "id: goals.private.2", "id: goals.private.7")
    with pytest.raises(ContentError) as caught:
        load_knowledge(folder)
    assert [problem.line for problem in caught.value.problems] == [line]


def test_all_mistakes_are_named_at_once(folder):
    replace(folder, "comparison.yml", "id: goals.private.2", "id: goals.private.7")
    replace(folder, "advice.yml", "advice.goals.public.2", "advice.goals.public.1")
    (folder / "phrases.yml").write_bytes("goodbye: \xe6".encode("latin-1"))
    (folder / "background.yml").unlink()
    with pytest.raises(ContentError) as caught:
        load_knowledge(folder)
    assert {problem.file for problem in caught.value.problems} == {"comparison.yml", "advice.yml", "phrases.yml", "background.yml"}


def test_a_party_without_statements_is_refused(folder):
    text = (folder / "comparison.yml").read_text(encoding="utf-8")
    start = text.index("      statements:\n      - id: risk.public.1")
    end = text.index("- id: decision_speed")
    (folder / "comparison.yml").write_text(text[:start] + "      statements: []\n\n" + text[end:], encoding="utf-8")
    with pytest.raises(ContentError, match="the list is empty"):
        load_knowledge(folder)
