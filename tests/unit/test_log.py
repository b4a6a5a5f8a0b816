"""The log as JSON: one object a line, whatever is logged, and no text of an error."""
import json
import logging
import re

import pytest

from opi_advisor.log import JsonLines
from opi_advisor.project import ROOT


def line(message, *arguments, exc_info=None):
    record = logging.LogRecord("opi_advisor.part", logging.ERROR, __file__, 1, message, arguments, exc_info)
    text = JsonLines("rasa").format(record)
    assert "\n" not in text
    return json.loads(text)


def test_a_record_is_an_object():
    entry = line("%d conversations were deleted", 3)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", entry.pop("time"))
    assert entry == {"level": "error", "process": "rasa", "logger": "opi_advisor.part", "event": "3 conversations were deleted"}


@pytest.mark.parametrize(("message", "event"), [
    ("two\nlines", "two\nlines"), ("{no json", "{no json"), ("{}", "{}"), ('{"event": "processor.something", "text": "my own words"}', "processor.something"),
])
def test_what_structlog_made_json_of_is_taken_apart(message, event):
    assert line(message)["event"] == event


def test_the_text_of_an_error_stays_out():
    try:
        raise ValueError("my own words")
    except ValueError as error:
        entry = line("It failed", exc_info=(type(error), error, error.__traceback__))
    assert entry["error"] == "ValueError" and entry["trace"][0].endswith(" test_the_text_of_an_error_stays_out")
    assert "my own words" not in json.dumps(entry)


def test_each_metric_of_the_docs_is_counted_and_the_other_way_round():
    from opi_advisor import metrics

    counted = {family.name + ("_total" if family.type == "counter" else "")
               for metric in vars(metrics).values() if hasattr(metric, "collect") and not isinstance(metric, type) for family in metric.collect()}
    table = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert counted == set(re.findall(r"^\| `(opi_advisor_\w+)`", table, re.MULTILINE))
