"""`opi-advisor privacy`: what a data protection officer does, also while the advisor runs."""
import json
import os
import subprocess
import sys

import pytest

from opi_advisor.project import ROOT
from opi_advisor.stores.database import open_database
from opi_advisor.stores.turns import turns
from tests.privacy.talks import senders, traces, write_talk


def privacy(database, *arguments, typed=""):
    command = [sys.executable, "-m", "opi_advisor", "privacy", *arguments]
    environment = {**os.environ, "OPI_ADVISOR_DATABASE": str(database), "COLUMNS": "40"}
    done = subprocess.run(command, cwd=ROOT, env=environment, input=typed, capture_output=True, text=True, timeout=60)
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture()
def filled(tmp_path):
    database = tmp_path / "conversations.db"
    write_talk(database, "page-a-b", "Hvad driver Blåbærfirmaet, som bor i et meget langt navn og mere til?", 3)
    write_talk(database, "widget-c", "What drives the company?")
    return database


def test_list_finds_by_words_and_by_day(filled):
    done = privacy(filled, "list")
    assert done.returncode == 0 and [line.split()[0] for line in done.stdout.splitlines()] == ["widget-c", "page-a-b"]
    assert "1 message(s)" in done.stdout and "Blåbærfirmaet" not in done.stdout  # what people wrote only where it was asked for
    found = privacy(filled, "list", "--contains", "BLÅBÆR").stdout.splitlines()
    assert found[0].startswith("page-a-b") and found[1].strip().startswith("Hvad driver Blåbærfirmaet") and len(found) == 2
    day = found[0].split()[1]
    assert privacy(filled, "list", "--day", day).stdout.startswith("page-a-b")
    nothing = privacy(filled, "list", "--day", "2001-01-01")
    assert nothing.returncode == 1 and nothing.stdout == "" and "No such conversation" in nothing.stderr


def test_export_prints_all_of_one_conversation_as_json(filled):
    done = privacy(filled, "export", "page-a-b")
    exported = json.loads(done.stdout)
    assert done.returncode == 0 and exported["conversation"] == "page-a-b" and len(exported["events"]) == 6
    assert [message["text"][:4] for message in exported["messages"]] == ["Hvad", "An a"]


def test_erase_asks_first(filled):
    refused = privacy(filled, "erase", "page-a-b", typed="n\n")
    assert refused.returncode == 1 and "Nothing was deleted" in refused.stderr and len(senders(filled)) == 2
    done = privacy(filled, "erase", "page-a-b", typed="y\n")
    assert done.returncode == 0 and "page-a-b is deleted" in done.stderr and senders(filled) == ["widget-c"]
    assert privacy(filled, "erase", "widget-c", "--yes").returncode == 0 and senders(filled) == []


def test_a_damaged_conversation_is_said_to_be_one_and_can_be_erased(filled):
    engine = open_database(filled)
    with engine.begin() as connection:
        connection.execute(turns.update().where(turns.c.sender_id == "page-a-b").values(data=b"no turn"))
    engine.dispose()
    lines = privacy(filled, "list").stdout.splitlines()
    assert "1 damaged" in next(line for line in lines if line.startswith("page-a-b")) and "damaged" not in lines[0]
    done = privacy(filled, "export", "page-a-b")
    assert done.returncode == 1 and done.stdout == "" and done.stderr.startswith("Row 1 of the table turns can't be read: ")
    assert privacy(filled, "erase", "page-a-b", "--yes").returncode == 0 and senders(filled) == ["widget-c"]


@pytest.mark.parametrize("command", [["export"], ["erase", "--yes"], ["erase"]])
def test_what_is_not_there_is_said_so(filled, command):
    done = privacy(filled, *command, "page-a")
    assert done.returncode == 1 and done.stdout == "" and "No conversation page-a is stored" in done.stderr
    assert privacy(filled.parent / "none.db", *command, "page-a").returncode == 1 and not (filled.parent / "none.db").exists()


@pytest.mark.parametrize("command", [["list"], ["export", "x"], ["erase", "x", "--yes"]])
def test_a_database_that_can_not_be_read_is_refused_in_one_sentence(tmp_path, command):
    (tmp_path / "broken.db").write_bytes(b"no database at all" * 100)
    done = privacy(tmp_path / "broken.db", *command)
    assert done.returncode == 1 and done.stdout == "" and done.stderr.startswith("The database (OPI_ADVISOR_DATABASE) can't be used: ")
    assert done.stderr.count("\n") == 1


def test_a_wrong_setting_and_a_missing_id_are_refused():
    assert privacy("no/such/folder/x.db", "list").returncode == 2
    assert privacy("var/x.db", "export").returncode == 2


def test_the_officer_finds_exports_and_erases_while_the_advisor_runs(running, person):
    person.ask("Hvorfor er Solsikkekommunen langsom?")
    found = privacy(running.database, "list", "--contains", "solsikke").stdout.split()
    exported = json.loads(privacy(running.database, "export", found[0]).stdout)
    assert exported["messages"][0]["text"] == "Hvorfor er Solsikkekommunen langsom?"
    trace, = traces(running.database, found[0])
    assert trace in running.stored_bytes()
    assert privacy(running.database, "erase", found[0], "--yes").returncode == 0
    assert found[0] not in senders(running.database) and trace not in running.stored_bytes()
    assert person.ask("and the company?")["reply"]["dimensions"] == []  # the server does not remember it either
    person.forget()
