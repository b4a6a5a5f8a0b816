"""A new version, with another model file and changed knowledge, takes over while people talk, as docs/operations.md says."""
import asyncio
import subprocess
import sys
from pathlib import Path
from shutil import copy, copytree, ignore_patterns

import pytest

from opi_advisor.project import ROOT
from tests.conftest import Server
from tests.stores.replicas import NO_LIMITS, Crowd, count, replica
from tests.coroutines import run


OLD, NEW = "Private actors typically make decisions fast.", "Private actors typically decide within days."
SECRET = "a secret of the tests, the same for both versions"


class NewVersion(Server):
    """A server of another copy of the project."""

    def __init__(self, project: Path, folder: Path, **settings: str):
        self._project = project
        super().__init__(folder, settings=settings)

    def start(self) -> None:
        command = [sys.executable, "-m", "opi_advisor", "serve", "--no-train", "--port", str(self.port)]
        self.process = subprocess.Popen(command, cwd=self._project, env=self._environment, stdout=self.output, stderr=subprocess.STDOUT,
                                        start_new_session=True)


@pytest.fixture()
def new_project(model, tmp_path):
    """A copy of the project with a changed text, and with a model file of its own, as a changed config.yml calls for one."""
    project = tmp_path / "project"
    for name in ("opi_advisor", "actions", "knowledge", "data"):
        copytree(ROOT / name, project / name, ignore=ignore_patterns("__pycache__"))
    for name in ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml", "uv.lock"):
        copy(ROOT / name, project)
    texts = project / "knowledge" / "comparison.yml"
    assert OLD in texts.read_text(encoding="utf-8")
    texts.write_text(texts.read_text(encoding="utf-8").replace(OLD, NEW), encoding="utf-8")
    with (project / "config.yml").open("a", encoding="utf-8") as config:
        config.write("# changed\n")
    fits = subprocess.run([sys.executable, "-c", "from opi_advisor.model import fingerprint; print(fingerprint())"], cwd=project,
                          check=True, capture_output=True, text=True).stdout.strip()
    (project / "models").mkdir()
    copy(model, project / "models" / f"opi-advisor-{fits}.tar.gz")
    assert fits not in model.name
    return project


async def talk_while(urls, work):
    """What the people saw who talked to `urls` until `work` was done."""
    working, talks = asyncio.create_task(work), []
    while not working.done():
        talks.append(await Crowd(urls, conversations=8, turns=10, users=8, name=f"upgrade {len(talks)}").run())
    working.result()
    return talks


async def roll_over(urls, old, new):
    """As an orchestrator does: the new one is started, gets messages once it is ready, then the old one gets none, and is stopped."""
    await asyncio.to_thread(new.wait_until_ready)
    urls.append(new.url)
    await asyncio.sleep(1)
    urls.remove(old.url)
    await asyncio.sleep(5)  # preStop in deploy/kubernetes/deployment.yml
    assert await asyncio.to_thread(old.stop) == 0


def test_no_message_fails_and_conversations_go_on_with_the_new_texts(model, new_project, postgresql, redis, tmp_path):
    url = postgresql.new_database("upgrade")
    old = replica(tmp_path / "old", postgresql, redis, "upgrade", SECRET)
    servers = [old]
    try:
        old.wait_until_ready()
        old.client.ask("before", "How fast does the municipality decide?")
        assert OLD in old.client.ask("elsewhere", "How fast does the company decide?").text
        (tmp_path / "new").mkdir()
        new = NewVersion(new_project, tmp_path / "new", OPI_ADVISOR_DATABASE=url, OPI_ADVISOR_REDIS=redis.url,
                         OPI_ADVISOR_SECRET=SECRET, **NO_LIMITS)
        servers.append(new)
        urls = [old.url]
        talks = run(talk_while(urls, roll_over(urls, old, new)))
        assert urls == [new.url] and old.process.returncode == 0
        for talk in talks:
            counted = count(talk, url)
            assert talk.failures == [] and counted.faults == 0 and counted.unacknowledged == 0, (talk.failures, counted)
        answer = new.client.ask("before", "and the company?")
        assert answer.custom["dimensions"] == ["decision_speed"] and answer.custom["parties"] == ["private"]
        assert NEW in answer.text
    finally:
        for server in servers:
            if server.process.poll() is None:
                server.stop()
