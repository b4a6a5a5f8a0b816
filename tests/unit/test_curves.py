"""The curves of the benchmarks: ratios to the first point, drawings that are the same each time, and knowledge with copied dimensions."""
from xml.etree import ElementTree

import pytest

import curves
from curve_dimensions import renamed, write_knowledge
from curve_figure import COLOURS, INK_DARK, INK_LIGHT, Curve, Line, curve_table, draw, short
from opi_advisor import knowledge
from opi_advisor.knowledge import DIMENSIONS, load_knowledge
from tests.content.test_web_colours import SHAPE, TEXT, contrast

LIGHT, DARK = "#ffffff", "#0d1117"  # the pages of GitHub
CURVE = Curve("Turns", "turn", (1, 10, 1000), [
    Line("ours", "time, ms", (40.0, 44.0, 20.0)), Line("Rasa's", "time, ms", (50.0, 5000.0)),
    Line("", "right, %", (0.5, 1.0, 2.0), ratios=False)])


def test_a_table_has_each_value_with_its_ratio_to_the_first_and_gaps_where_nothing_was_measured():
    assert curve_table(CURVE).splitlines() == [
        "| turn | ours: time, ms | Rasa's: time, ms | right, % |",
        "|---|---|---|---|",
        "| 1 | 40 (1.00) | 50 (1.00) | 0.5 |",
        "| 10 | 44 (1.10) | 5,000 (100.00) | 1 |",
        "| 1,000 | 20 (0.50) |  | 2 |",
    ]


@pytest.mark.parametrize(("value", "written"), [(0.01234, "0.0123"), (9.876, "9.88"), (99.96, "100"), (123456.7, "123,457"), (0, "0")])
def test_numbers_are_short(value, written):
    assert short(value) == written


def test_the_same_figures_give_the_same_drawing_and_others_another(tmp_path):
    paths = [tmp_path / name for name in ("one.svg", "again.svg", "other.svg")]
    for path, curve in zip(paths, (CURVE, CURVE, Curve("Turns", "turn", (1, 10), [Line("", "time, ms", (1.0, 3.0))]))):
        draw(curve, path)
    one, again, other = (path.read_text(encoding="utf-8") for path in paths)
    assert one == again != other and len(one) < 50_000


def test_a_drawing_names_its_axes_and_follows_the_page_from_light_to_dark(tmp_path):
    draw(CURVE, tmp_path / "curve.svg")
    svg = (tmp_path / "curve.svg").read_text(encoding="utf-8")
    texts = {element.text for element in ElementTree.fromstring(svg).iter() if element.tag.endswith("}text")}
    assert {"turn", "time, ms", "right, %", "ours", "Rasa's", "1,000"} <= texts
    assert svg.count(INK_LIGHT) == 1 and svg.count(INK_DARK) == 1 and "currentColor" in svg
    assert "#000000" not in svg and "date" not in svg


@pytest.mark.parametrize(("ink", "page"), [(INK_LIGHT, LIGHT), (INK_DARK, DARK)])
def test_ink_and_lines_can_be_seen_on_either_page(ink, page):
    assert contrast(ink, page) >= TEXT
    assert all(contrast(colour, page) >= SHAPE for colour in COLOURS)


def test_a_curve_that_is_not_there_is_refused(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["curves.py", "--only", "users,speed"])
    with pytest.raises(SystemExit, match="2"):
        curves.main()
    assert "no curve is called speed; there are dimensions" in capsys.readouterr().err


def test_each_curve_takes_its_place_in_the_docs(tmp_path, monkeypatch):
    monkeypatch.setattr(curves, "ROOT", tmp_path)
    monkeypatch.setattr(curves, "DOCS", tmp_path / "docs" / "performance.md")
    (tmp_path / "docs" / "images").mkdir(parents=True)
    curves.DOCS.write_text("before\n<!-- curve turns: begin (x) -->\n<!-- curve turns: end -->\nafter\n", encoding="utf-8")
    curves.write("turns", CURVE)
    written = curves.DOCS.read_text(encoding="utf-8")
    assert "![Turns: time, ms; right, %](images/curve-turns.svg)" in written and curve_table(CURVE) in written
    assert (tmp_path / "docs" / "images" / "curve-turns.svg").is_file()


def test_names_and_ids_of_a_dimension_are_copied_under_new_names_and_texts_are_not():
    item = {"id": "risk", "points": [1, "risk.public.1"], "advice": "advice.risk.public.2", "en": "risk is more than a risk.",
            "other": "background.2"}
    assert renamed(item, 3) == {"id": "risk_3", "points": [1, "risk_3.public.1"], "advice": "advice.risk_3.public.2",
                                "en": "risk is more than a risk.", "other": "background.2"}
    assert renamed(item, 0) == item


def test_knowledge_with_copied_dimensions_is_in_order(tmp_path, monkeypatch):
    write_knowledge(tmp_path, 2)
    monkeypatch.setattr(knowledge, "DIMENSIONS", (*DIMENSIONS, *(f"{name}_1" for name in DIMENSIONS)))
    assert list(load_knowledge(tmp_path).dimensions) == list(knowledge.DIMENSIONS)
