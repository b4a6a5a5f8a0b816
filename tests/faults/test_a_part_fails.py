"""Each part fails in turn under a real server: the person gets an honest reply, health tells the truth, and it is back by itself."""
import json
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from opi_advisor.client import AdvisorClient
from opi_advisor.knowledge import default_knowledge
from tests.faults.rig import NONSENSE
from tests.stores.services import PostgreSQL

SLOW = "why is the municipality so slow to decide?"
PHRASES = default_knowledge().phrases
SOON = 4.5  # seconds
CROWD = 128  # messages at the same moment: more than Rasa answers in the time that the action server has for one


def samples(rig):
    """The values of /metrics by name and labels."""
    families = text_string_to_metric_families(rig.http.get("/metrics").text)
    return {(sample.name, *sorted(sample.labels.items())): sample.value for family in families for sample in family.samples}


def increase(rig, before, name, **labels):
    key = (name, *sorted(labels.items()))
    return samples(rig).get(key, 0) - before.get(key, 0)


# The action server

@pytest.mark.parametrize("mode", [*NONSENSE, "slow", "gone"])
def test_a_useless_action_server_leaves_an_honest_comparison(rig, mode):
    sender = f"useless {mode}"
    assert rig.ask(sender, "hvad driver virksomheden?")[0].custom["kind"] == "answer"
    rig.stand_in.mode = mode
    answer, seconds = rig.ask(sender, "hvor lang tid er kommunen om at beslutte sig?")
    assert seconds < SOON
    assert answer.custom["kind"] == "trouble" and answer.custom["language"] == "da" and answer.custom["kept"] is True
    assert answer.custom["dimensions"] == ["decision_speed"] and answer.custom["facet"] == "compare"
    assert {statement["source"]["party"] for statement in answer.custom["statements"]} == {"private", "public"}
    contrast = default_knowledge().dimensions["decision_speed"].contrast["da"]
    assert all(said in answer.text for said in (PHRASES.trouble_compared["da"], contrast, PHRASES.trouble_again["da"]))
    rig.stand_in.mode = "well"
    after, _ = rig.ask(sender, "og kommunen?")  # back by itself, with the context of before
    assert after.custom["kind"] == "answer" and after.custom["dimensions"] == ["incentives"] and after.custom["parties"] == ["public"]


def test_without_a_dimension_it_says_that_it_can_not_answer(rig):
    rig.ask("no dimension", "hvad driver virksomheden?")
    rig.stand_in.mode = "500"
    for text in ("why?", "hvad er momsen på kaffe?", "tak"):
        answer, _ = rig.ask("no dimension", text)
        assert answer.custom["kind"] == "trouble" and answer.custom["dimensions"] == [] and answer.custom["statements"] == []
        assert answer.text == PHRASES.trouble["da"]
    assert rig.ask("no dimension", "give me an overview")[0].custom["dimensions"] == list(default_knowledge().dimensions)


def test_a_restart_of_the_action_server_is_waited_for(rig):
    rig.stand_in.mode = "gone"
    threading.Timer(1.0, lambda: setattr(rig.stand_in, "mode", "well")).start()
    answer, seconds = rig.ask("restart", SLOW)
    assert answer.custom["kind"] == "answer" and 0.9 < seconds < SOON


def test_a_crowd_waits_in_a_queue_and_the_action_server_is_not_taken_for_dead(rig):
    with ThreadPoolExecutor(CROWD) as pool:
        answers = list(pool.map(lambda number: rig.ask(f"crowd {number}", SLOW)[0].custom, range(CROWD)))
    assert {(answer["kind"], answer["kept"]) for answer in answers} == {("answer", True)}


def test_the_page_gets_the_same(rig):
    conversation = rig.http.post("/api/conversations", json={}).json()["conversation"]
    rig.stand_in.mode = "no JSON"
    answer = rig.http.post("/api/messages", json={"conversation": conversation, "text": SLOW})
    assert answer.status_code == 200 and answer.json()["reply"]["kind"] == "trouble"
    assert PHRASES.trouble_compared["en"] in answer.json()["text"]
    rated = rig.http.post("/api/feedback", json={"receipt": answer.json()["receipt"], "rating": "down"})
    assert rated.status_code == 204


# The database

def test_a_full_disk_is_told_and_forgotten_when_it_is_freed(rig):
    rig.ask("full", SLOW)
    before = samples(rig)
    rig.fill_the_disk()
    answer, seconds = rig.ask("full", "what about the risk?")
    assert seconds < SOON
    assert answer.custom["kind"] == "answer" and answer.custom["kept"] is False  # answered as always, and honest about the rest
    assert answer.text.endswith(PHRASES.not_kept["en"]) and answer.custom["note"].endswith(PHRASES.not_kept["en"])
    assert rig.ready() == (503, ["store"])
    assert increase(rig, before, "opi_advisor_store_failures_total", failure="NotKept") == 1
    assert rig.kept("full") == [SLOW]
    rig.free_the_disk()
    rig.wait_until_ready()
    assert rig.ask("full", "and the company?")[0].custom["dimensions"] == ["decision_speed"]
    assert rig.kept("full") == [SLOW, "and the company?"]


def test_a_database_that_nobody_can_write_holds_up_nobody(rig):
    other = sqlite3.connect(rig.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        answer, seconds = rig.ask("locked", SLOW)
        assert answer.custom["kept"] is False and seconds < 6
    finally:
        other.execute("ROLLBACK")
        other.close()
    assert rig.ask("locked", SLOW)[0].custom["kept"] is True
    assert rig.kept("locked") == [SLOW]


def test_a_database_server_that_is_frozen_or_gone_is_told_and_comes_back(rig, model):
    database = PostgreSQL()
    try:
        database.start()
        with rig.another(model, "/health/ready", OPI_ADVISOR_DATABASE=database.new_database("faults")) as url:
            client = AdvisorClient(url)
            assert client.ask("gone", SLOW).custom["kept"] is True
            for stop in (database.freeze, database.kill):
                stop()
                began = time.monotonic()
                answer = client.ask("gone", "what drives the company?")
                assert time.monotonic() - began < 6
                assert answer.custom["kind"] == "answer" and answer.custom["kept"] is False
                assert answer.text.endswith(PHRASES.not_read["en"])
                assert list(httpx.get(f"{url}/health/ready").json()["failing"]) == ["store"]
                database.repair()
                deadline = time.monotonic() + 20
                while not client.is_ready():
                    assert time.monotonic() < deadline
                    time.sleep(0.1)
                answer = client.ask("gone", "and the company?")
                assert answer.custom["dimensions"] == ["decision_speed"] and answer.custom["kept"] is True
    finally:
        database.remove()


# Redis

def test_a_frozen_redis_gives_a_reply_to_try_again_and_blocks_nobody(rig):
    rig.ask("frozen", SLOW)
    rig.redis.freeze()
    alive = []

    def live():
        began = time.monotonic()
        rig.http.get("/health/live")
        alive.append(time.monotonic() - began)

    threading.Timer(0.5, live).start()
    answer, seconds = rig.ask("frozen", SLOW)
    assert answer.custom["kind"] == "trouble" and answer.custom["kept"] is False and seconds < 3
    assert answer.custom["dimensions"] == ["decision_speed"]
    assert rig.ready() == (503, ["locks"])
    assert alive and alive[0] < 0.5
    rig.redis.thaw()
    rig.wait_until_ready()
    assert rig.ask("frozen", "and the company?")[0].custom["parties"] == ["private"]
    assert rig.kept("frozen") == [SLOW, "and the company?"]


# Health and metrics

@pytest.mark.parametrize("path", ["/health/ready", "/webhooks/rest/ready"])
def test_health_names_the_part_and_what_to_do(rig, path):
    assert rig.http.get(path).json() == {"ready": True, "failing": {}}
    rig.stand_in.mode = "slow"
    began = time.monotonic()
    answer = rig.http.get(path)
    assert time.monotonic() - began < 2
    assert answer.status_code == 503 and list(answer.json()["failing"]) == ["actions"]
    assert "action server does not answer" in answer.json()["failing"]["actions"]
    assert rig.http.get("/health/live").json() == {"alive": True}


def test_an_action_server_without_our_actions_is_none(rig):
    rig.stand_in.mode = "other JSON"
    assert rig.ready() == (503, ["actions"])


def test_metrics_count_what_happened(rig):
    before = samples(rig)
    rig.ask("counted somebody", SLOW)
    rig.ask("counted somebody", "hvad er momsen på kaffe?")
    rig.stand_in.mode = "500"
    rig.ask("counted somebody", SLOW)
    assert samples(rig)[("opi_advisor_ready",)] == 0
    rig.stand_in.mode = "well"
    rig.http.post("/webhooks/rest/webhook", json={"sender": "counted somebody"})
    for kind, language in (("answer", "en"), ("out_of_scope", "da"), ("trouble", "en")):
        assert increase(rig, before, "opi_advisor_messages_total", channel="rest", kind=kind, language=language) == 1
    assert increase(rig, before, "opi_advisor_action_failures_total", reason="refused") == 1
    assert increase(rig, before, "opi_advisor_errors_total", code="bad_request") == 1
    assert increase(rig, before, "opi_advisor_reply_seconds_count") == 3
    assert samples(rig)[("opi_advisor_ready",)] == 1
    text = rig.http.get("/metrics").text
    assert "counted" not in text and "municipality" not in text


def test_metrics_are_for_this_machine_without_a_token(rig):
    assert rig.http.get("/metrics", headers={"X-Forwarded-For": "192.0.2.1"}).status_code == 401


# Logs

def test_each_line_of_both_logs_is_json_without_words_of_people(rig):
    rig.ask("logged", "why is the municipality zyxwv so slow?")
    rig.stand_in.mode = "500"
    rig.ask("logged", "why is the municipality zyxwv so slow?")
    entries = []
    for name in ("rasa", "actions"):
        for line in rig.log(name).splitlines():
            entries.append(json.loads(line))
            assert {"time", "level", "process", "logger", "event"} <= set(entries[-1]) and entries[-1]["process"] == name
    events = [entry["event"] for entry in entries]
    assert any(event.startswith("The action server answered with status 500") for event in events)
    everything = json.dumps(entries)
    for word in ("zyxwv", "municipality", "kommunen", "logged"):
        assert word not in everything
