"""`opi-advisor profile` and `opi-advisor sheet`: the file, the refusals, and files of others left alone."""
import pytest
from typer.testing import CliRunner

from opi_advisor.cli import app
from opi_advisor.knowledge import DIMENSIONS, default_knowledge
from opi_advisor.sheet_html import is_sheet


@pytest.fixture()
def run(monkeypatch):
    """Runs the command; the environment sets nothing."""
    monkeypatch.delenv("OPI_ADVISOR_URL", raising=False)
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_profile_is_written(run, tmp_path):
    out = tmp_path / "profile.html"
    done = run("profile", "--side", "public", "--lang", "en", "--placements", "goals=2-5", "--out", out)
    assert done.exit_code == 0 and str(out) in done.output
    html = out.read_text(encoding="utf-8")
    assert is_sheet(html) and '<html lang="en">' in html and "the private partner at 2" in html and "(you)" in html and "href=" not in html


def test_the_side_may_stand_in_the_placements(run, tmp_path):
    out = tmp_path / "profile.html"
    assert run("profile", "--placements", "side=private&goals=2-5", "--out", out).exit_code == 0
    assert "Kend den anden side: den offentlige part" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_sheet_is_written(run, tmp_path, language):
    out = tmp_path / "sheet.html"
    assert run("sheet", "--lang", language, "--out", out).exit_code == 0
    html = out.read_text(encoding="utf-8")
    assert is_sheet(html) and all(dimension.contrast and dimension.row in html for dimension in default_knowledge().dimensions.values())
    assert html.count("<tr ") == len(DIMENSIONS) + 1


def test_links_lead_to_where_people_open_the_advisor(run, tmp_path, monkeypatch):
    out = tmp_path / "sheet.html"
    monkeypatch.setenv("OPI_ADVISOR_URL", "https://intranet.example/opi/")
    assert run("sheet", "--out", out).exit_code == 0
    assert 'href="https://intranet.example/opi/profile?lang=da"' in out.read_text(encoding="utf-8")


@pytest.mark.parametrize("arguments, named", [
    (("--side", "neither"), "neither"), (("--lang", "sv"), "sv"), (("--placements", "goals=9-9"), "goals is '9-9'"),
    (("--placements", "risk=1-5&risk=1-5"), "twice"), (("--placements", "lang=da"), "lang"), (("--placements", "goals"), "can't be read"),
])
def test_what_cannot_be_used_is_named_and_nothing_written(run, tmp_path, arguments, named):
    out = tmp_path / "profile.html"
    done = run("profile", *arguments, "--out", out)
    assert done.exit_code == 2 and named in done.output and "Traceback" not in done.output
    assert not out.exists()


def test_an_own_earlier_file_is_replaced_and_any_other_left_alone(run, tmp_path):
    ours, other = tmp_path / "ours.html", tmp_path / "other.html"
    assert run("sheet", "--lang", "da", "--out", ours).exit_code == run("profile", "--lang", "en", "--out", ours).exit_code == 0
    assert '<html lang="en">' in ours.read_text(encoding="utf-8")
    other.write_bytes(b"somebody's own \xff")
    done = run("sheet", "--out", other)
    assert done.exit_code == 1 and "no sheet of ours" in done.output and other.read_bytes() == b"somebody's own \xff"


@pytest.mark.parametrize("name", [".", "missing/profile.html"])
def test_a_file_that_cannot_be_written_is_said(run, tmp_path, name):
    done = run("profile", "--out", tmp_path / name)
    assert done.exit_code == 1 and "can't be written" in done.output and "Traceback" not in done.output
