"""`opi-advisor serve`: starts whole, stays whole, stops clean, and says clearly why it can't start."""
import os
import signal
import socket
import subprocess
import sys
import time
from shutil import copy, copytree, ignore_patterns
from types import MappingProxyType

import pytest

from opi_advisor.project import ROOT
from tests.conftest import Server


def run(*arguments, cwd=ROOT, environment=MappingProxyType({"OPI_ADVISOR_SECRET": "a secret of the tests, never used elsewhere"})):
    return subprocess.run([sys.executable, "-m", "opi_advisor", *arguments], cwd=cwd, capture_output=True, text=True,
                          timeout=120, stdin=subprocess.DEVNULL, env={**os.environ, **environment})


@pytest.fixture()
def fresh_project(tmp_path):
    """A copy of the project without any model."""
    for name in ("opi_advisor", "actions", "knowledge", "data"):
        copytree(ROOT / name, tmp_path / name, ignore=ignore_patterns("__pycache__"))
    for name in ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml", "uv.lock"):
        copy(ROOT / name, tmp_path)
    return tmp_path


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until(condition, timeout=60.0):
    deadline = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize("signal_number", [signal.SIGINT, signal.SIGTERM])
def test_it_stops_cleanly_and_leaves_no_process(model, tmp_path, signal_number):
    server = Server(tmp_path)
    server.wait_until_ready()
    processes = server.children()
    assert len(processes) == 2
    assert server.stop(signal_number) == 0
    assert not any(alive(pid) for pid in processes)
    assert "Traceback" not in server.output.name and "Traceback" not in (tmp_path / "serve.txt").read_text()


def test_a_dead_child_is_restarted_and_the_conversation_goes_on(model, tmp_path):
    server = Server(tmp_path)
    try:
        server.wait_until_ready()
        assert server.client.ask("a", "why is the municipality so slow to decide?").custom["kind"] == "answer"
        before = server.children()
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not set(before) & set(server.children()) and len(server.children()) == 2)
        wait_until(server.client.is_ready)
        assert server.client.ask("a", "and the company?").custom["dimensions"] == ["decision_speed"]
    finally:
        server.stop()


def test_a_killed_supervisor_leaves_no_process(model, tmp_path):
    server = Server(tmp_path)
    server.wait_until_ready()
    processes = server.children()
    server.stop(signal.SIGKILL)
    wait_until(lambda: not any(alive(pid) for pid in processes))


def test_a_port_in_use_is_refused_in_one_sentence(model):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("serve", "--port", str(port))
    assert done.returncode == 2
    assert f"Port {port} on 127.0.0.1 is in use" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize(("name", "value"), [
    ("OPI_ADVISOR_ORIGINS", "*"), ("OPI_ADVISOR_FRAME_ANCESTORS", "*"), ("OPI_ADVISOR_CONTACT", "javascript:alert(1)"),
    ("OPI_ADVISOR_SECRET", "short"), ("OPI_ADVISOR_DATABASE", "nowhere/at/all.db"),
])
def test_a_wrong_setting_is_refused_in_one_sentence_before_anything_starts(name, value):
    done = run("serve", environment={name: value})
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith(name) and done.stderr.count("\n") == 1 and "Traceback" not in done.stderr


def test_a_broken_knowledge_file_is_refused_before_anything_starts(fresh_project):
    path = fresh_project / "knowledge" / "advice.yml"
    path.write_bytes(path.read_bytes().replace(b"      en: Ask early", b"      eng: Ask early", 1))
    done = run("serve", cwd=fresh_project)
    assert done.returncode == 2 and "advice.yml:" in done.stderr and "'en' is missing" in done.stderr
    checked = run("check", cwd=fresh_project)
    assert checked.returncode == 1 and "advice.yml:" in checked.stdout


def test_a_missing_adapter_is_refused_before_anything_starts(fresh_project):
    (fresh_project / "data" / "adapter.npz").unlink()
    for command in ("serve", "train"):
        done = run(command, cwd=fresh_project)
        assert "adapter.npz can't be read" in done.stderr and "Traceback" not in done.stderr
        assert done.returncode == 2


def test_no_fitting_model_is_refused_with_no_train(fresh_project):
    done = run("serve", "--no-train", cwd=fresh_project)
    assert done.returncode == 2 and "No trained model fits" in done.stderr


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="what a process has loaded is told by Linux only")
def test_a_server_loads_nothing_that_only_trainings_use(server):
    with open(f"/proc/{server.children()[-1]}/maps") as loaded:  # the Rasa process is started last
        libraries = loaded.read()
    assert "numpy" in libraries
    assert not {name for name in ("tensorflow", "jaxlib", "matplotlib", "onnx") if f"/{name}/" in libraries}


def test_ask_prints_one_answer(server):
    done = run("ask", "hvad driver virksomheden?", "--url", server.url)
    assert done.returncode == 0 and done.stdout.startswith("Det, der driver private aktører")
    asked = run("ask", "hvad driver virksomheden?", "--json", "--url", server.url)
    assert '"dimensions": [\n    "incentives"\n  ]' in asked.stdout


def test_ask_without_an_advisor_says_so():
    done = run("ask", "hej", "--url", "http://127.0.0.1:9")
    assert done.returncode == 1 and "No advisor answers at http://127.0.0.1:9" in done.stderr


def test_chat_talks_and_follows_suggestions(server):
    done = subprocess.run([sys.executable, "-m", "opi_advisor", "chat", "--url", server.url], cwd=ROOT, text=True,
                          input="what drives the company?\n#1\n\n", capture_output=True, timeout=60)
    assert done.returncode == 0
    assert "What drives private actors" in done.stdout and "What drives public actors is" in done.stdout


def test_feedback_from_a_file_that_is_no_database_is_refused_in_one_sentence():
    done = run("feedback", environment={"OPI_ADVISOR_DATABASE": "README.md"})
    assert done.returncode == 1 and done.stdout == ""
    assert "README.md can't be read: " in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["serve", "train", "adapt", "chat", "ask", "check", "evaluate", "feedback", "privacy"])
def test_every_command_has_a_help(command):
    done = run(command, "--help")
    assert done.returncode == 0 and "Usage" in done.stdout
