"""The comparison with plain Rasa: goals, computed times, and people who talk to a server made by hand."""
import argparse
import itertools
from contextlib import asynccontextmanager
from types import SimpleNamespace

import psutil
import pytest
import yaml
from aiohttp import web

import performance
import plain_rasa
from comparison import at_least, at_most, by_itself, percentile_95, without_goal
from load import GIVE_UP, dialogues, talk
from long_conversation import AROUND, QUESTIONS, Conversations, Turn, converse
from only import some_of
from opi_advisor.nlu.data import read_examples
from opi_advisor.project import NLU_DATA
from performance import OTHERS, SERVED
from tests.coroutines import run
from timed_command import seconds_of
from training_time import EPOCH, ONE_EPOCH, OURS, with_default_epochs


@pytest.mark.parametrize(("row", "ratio", "goal", "reached"), [
    (at_most("x", 2, 8, "{}", 0.25), "0.25", "at most 0.25", "yes"),
    (at_most("x", 3, 8, "{}", 0.25), "0.38", "at most 0.25", "no"),
    (at_least("x", 40, 8, "{}", 5), "5.00", "at least 5", "yes"),
    (at_least("x", 39, 8, "{}", 5), "4.88", "at least 5", "no"),
    (by_itself("x", 1.2, 0.5, 1.2), "", "ours at most 1.2", "yes"),
    (by_itself("x", 1.21, 15, 1.2), "", "ours at most 1.2", "no"),
    (without_goal("x", 1, 4, "{}"), "0.25", "", ""),
])
def test_a_goal_is_reached_up_to_its_bound(row, ratio, goal, reached):
    assert row[3:] == [ratio, goal, reached]


def test_figures_are_shown_in_their_unit():
    assert at_most("x", 1.234, 1000, "{:,.1f} ms", 1)[:3] == ["x", "1.2 ms", "1,000.0 ms"]


def test_of_a_hundred_and_one_values_95_percent_are_within_the_95th():
    assert percentile_95(range(101)) == 95


def test_a_hundred_epochs_are_computed_from_one_epoch_and_the_rest():
    assert with_default_epochs(one_epoch=70, epoch=30) == 40 + 100 * 30


def test_the_table_says_what_was_measured_of_the_training_and_what_was_computed(monkeypatch):
    monkeypatch.setattr(performance, "training_times", lambda again: {OURS: 304, ONE_EPOCH: 70, EPOCH: 30})
    rows = performance.training(performance.QUICK)
    assert [row[1:] for row in rows] == [["304 s", "3,040 s", "0.10", "at most 0.25", "yes"], ["304 s", "70 s", "4.34", "", ""]]
    assert ["computed" in row[0] for row in rows] == [True, False]


def test_the_time_of_the_epochs_is_read_from_rasas_progress_bars():
    printed = "Epochs:   0%|          | 0/1 [00:00<?, ?it/s]\rEpochs: 100%|##########| 1/1 [03:05<00:00, 185.0s/it]\rEpochs: 100%|##########| 1/1 [03:05<00:00, 185.1s/it, t_loss=2.5]\n" \
              "a warning\nEpochs: 100%|##########| 1/1 [03:06<00:00, 186.1s/it]\n" \
              "Epochs: 100%|##########| 1/1 [1:00:02<00:00, 3602.2s/it]\nno Epochs: 100%| 7/9 [00:09<00:01]\n"
    assert plain_rasa.epoch_seconds(printed) == 185 + 3602
    with pytest.raises(ValueError, match="no progress"):
        plain_rasa.epoch_seconds("Epochs:  50%|#####     | 1/2 [00:09<00:09]")


def test_only_networks_get_other_epochs():
    defaults = yaml.safe_load(plain_rasa.DEFAULTS.read_text(encoding="utf-8"))
    config = plain_rasa.with_one_epoch(defaults)
    parts = [part for name in ("pipeline", "policies") for part in config[name]]
    assert [part["name"] for part in parts if part.get("epochs") == 1] == [
        "DIETClassifier", "ResponseSelector", "UnexpecTEDIntentPolicy", "TEDPolicy"]
    assert len(parts) == len(defaults["pipeline"]) + len(defaults["policies"])
    assert not [part for part in parts if part.get("epochs", 1) != 1]


def test_plain_rasa_learns_from_all_examples():
    assert [example["text"] for example in plain_rasa.examples()] == [text for text, _ in read_examples(NLU_DATA)]


def test_the_middle_of_a_long_conversation_is_that_around_a_turn():
    turns = [Turn(seconds=number, posted=2 * number) for number in range(100 + AROUND)]
    conversations = Conversations(first=[Turn(3, 1), Turn(1, 1), Turn(2, 4)], long=turns)
    assert conversations.start() == Turn(2, 1)
    assert conversations.last == 100
    assert conversations.around(50) == Turn(49.5, 99)


def test_dialogues_are_mixed_the_same_way_each_time():
    texts = ["".join(messages) for messages in dialogues()]
    assert texts == ["".join(messages) for messages in dialogues()]
    danish = [any(letter in text for letter in "æøå") for text in texts]
    assert 0.2 < sum(danish[:100]) / 100 < 0.8


@asynccontextmanager
async def assistant(answer):
    """A server that answers a question with what `answer` says of it: a status and the items; gives its URL and what it heard."""
    heard = []

    async def reply(request):
        question = await request.json()
        heard.append((question["sender"], question["message"]))
        status, items = answer(question["message"])
        return web.json_response(items, status=status)

    app = web.Application()
    app.router.add_post("/webhooks/rest/webhook", reply)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", heard
    finally:
        await runner.cleanup()


def had_with(answer, *arguments, **options):
    """A talk with such an assistant, and what it heard."""
    async def have():
        async with assistant(answer) as (url, heard):
            return await talk(url, *arguments, **options), heard
    return run(have())


def friendly(message):
    return 200, [{"text": f"You said {message}"}]


def test_each_dialogue_is_had_once_by_itself_and_in_its_order():
    source = [["one", "two"], ["three"], ["four", "five"]]
    had, heard = had_with(friendly, iter(source), 2, "test")
    assert len(had.replies) == 5 and had.seconds > 0
    assert sorted([text for name, text in heard if name == sender] for sender in {name for name, _ in heard}) == sorted(source)


def test_a_talk_ends_when_its_time_is_up():
    had, _ = had_with(friendly, itertools.cycle([["one"]]), 2, "test", seconds=0.2)
    assert 0.2 <= had.seconds < 10 and had.replies


@pytest.mark.parametrize("failure", [(500, [{"text": "no"}]), (200, []), (200, [{"text": ""}]), (200, [{"custom": {}}])])
def test_what_is_no_reply_is_counted_and_told(failure):
    with pytest.raises(RuntimeError, match="1 of 3 messages .* 'two'"):
        had_with(lambda message: failure if message == "two" else friendly(message), iter([["one", "two"], ["three"]]), 1, "test")


def test_nobody_goes_on_asking_when_nothing_is_answered():
    with pytest.raises(RuntimeError, match=f"{GIVE_UP} of {GIVE_UP} messages"):
        had_with(lambda message: (500, []), itertools.cycle([["one"]]), 1, "test", seconds=30)


def test_long_conversations_are_had_in_turn_up_to_the_last_mark():
    async def have():
        async with assistant(friendly) as (one, heard_by_one), assistant(friendly) as (other, heard_by_other):
            contenders = [SimpleNamespace(title=url, url=url, actions=psutil.Process) for url in (one, other)]
            return await converse(contenders, marks=(12, 15)), heard_by_one, heard_by_other
    (conversations, same), heard, heard_too = run(have())
    assert heard == heard_too
    assert [sender for sender, _ in heard] == [f"first {number}" for number in range(2 * AROUND)] + ["long"] * (15 + AROUND)
    assert [message for _, message in heard[2 * AROUND:]] == list(itertools.islice(itertools.cycle(QUESTIONS), 15 + AROUND))
    assert conversations.last == same.last == 15
    assert len(conversations.first) == 2 * AROUND


def test_only_known_figures_can_be_chosen():
    chosen = some_of([*OTHERS, *SERVED], "figure")
    assert chosen("reply,start") == ["reply", "start"]
    assert set(chosen(",".join([*OTHERS, *SERVED]))) == {*OTHERS, *SERVED}
    with pytest.raises(argparse.ArgumentTypeError, match="no figure is called speed"):
        chosen("reply,speed")


def test_a_failed_command_says_what_it_printed(tmp_path):
    with pytest.raises(SystemExit, match="(?s)a try failed with exit code 3.*oh dear"):
        seconds_of("a try", ["sh", "-c", "echo oh dear; exit 3"], tmp_path, {})
    seconds, printed = seconds_of("a try", ["echo", "well"], tmp_path, {})
    assert seconds > 0 and printed == "well\n"
