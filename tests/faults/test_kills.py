"""`kill -9` of each process while people talk: what was acknowledged is in the database, once and in order."""
import os
import signal
import threading
import time
from itertools import count
from pathlib import Path

from opi_advisor.client import AdvisorClient, AdvisorUnreachable
from tests.conftest import Server
from tests.rasa.test_serving import alive, wait_until
from tests.stored_turns import stored_events, stored_texts

SETTINGS = {"OPI_ADVISOR_SECRET": "a secret of the tests, never used elsewhere", "OPI_ADVISOR_RATE_CONVERSATION": "off",
            "OPI_ADVISOR_TOKEN": ""}
PEOPLE = 4


class Person(threading.Thread):
    """Somebody who asks one question after another, and writes down which were acknowledged."""

    def __init__(self, sender):
        super().__init__(daemon=True)
        self.sender, self.client, self.acknowledged, self.failed, self.stopping = sender, None, [], 0, threading.Event()

    def run(self):
        for number in count(1):
            if self.stopping.is_set():
                return
            text = f"why is the municipality so slow to decide, question {number} of {self.sender}?"
            try:
                is_kept = self.client.ask(self.sender, text).custom["kept"]
            except AdvisorUnreachable:
                is_kept = False
            if is_kept:
                self.acknowledged.append(text)
            else:
                self.failed += 1
                time.sleep(0.2)


def kept(database):
    """What each person said, in the order of the database."""
    return {sender: stored_texts(database, sender) for sender in stored_events(database)}


def child(server, name):
    """The process id of a supervised process; None while there is none."""
    for pid in server.children():
        try:
            if name in Path(f"/proc/{pid}/cmdline").read_text():
                return pid
        except FileNotFoundError:
            pass
    return None


def is_back(server, name, dead):
    return child(server, name) not in (None, dead) and server.client.is_ready()


def test_every_acknowledged_turn_is_there_once_and_in_order(model, tmp_path):
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    settings = {**SETTINGS, "OPI_ADVISOR_DATABASE": str(tmp_path / "conversations.db")}
    first = Server(tmp_path / "first", settings=settings)
    second = None
    people = [Person(f"person-{number}") for number in range(PEOPLE)]
    try:
        first.wait_until_ready()
        for person in people:
            person.client = AdvisorClient(first.url, timeout=20)
            person.start()
        for name in ("action_process", "rasa_process"):
            time.sleep(1.5)
            dead = child(first, name)
            os.kill(dead, signal.SIGKILL)
            wait_until(lambda: is_back(first, name, dead))
        time.sleep(1.5)
        processes = first.children()
        first.stop(signal.SIGKILL)
        second = Server(tmp_path / "second", settings=settings)
        wait_until(lambda: not any(alive(pid) for pid in processes))
        before = [len(person.acknowledged) for person in people]
        for person in people:
            person.client = AdvisorClient(second.url, timeout=20)
        second.wait_until_ready()
        wait_until(lambda: all(len(person.acknowledged) > had + 2 for person, had in zip(people, before)))
    finally:
        for person in people:
            person.stopping.set()
        for person in people:
            person.join(timeout=30) if person.ident else None
        for server in (first, second):
            if server and server.process.poll() is None:
                server.stop()
    said = kept(tmp_path / "conversations.db")
    print({person.sender: (len(person.acknowledged), len(said[person.sender]), person.failed) for person in people})
    for person in people:
        acknowledged = set(person.acknowledged)
        assert [text for text in said[person.sender] if text in acknowledged] == person.acknowledged
        assert len(set(said[person.sender])) == len(said[person.sender])


def test_the_comparison_can_fail():
    acknowledged = ["a", "b", "c"]
    for said in (["a", "c"], ["a", "b", "b", "c"], ["a", "c", "b"]):
        assert [text for text in said if text in set(acknowledged)] != acknowledged
