"""Clients that send a byte now and then hold neither a connection for ever nor anybody else up."""
import socket
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from opi_advisor.channels.connection import BODY_SECONDS, HEAD_SECONDS
from tests.exposure.conftest import reply_of, say

pytestmark = pytest.mark.usefixtures("unharmed")
SLOW = 200  # connections
HEAD = b"POST /webhooks/rest/webhook HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


def trickle(port: int, start: bytes, more: bytes):
    """Seconds until the server ends a connection that sends `more` every second, and the status with which it does."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:  # they all come at once: some wait for their turn
        connection.settimeout(1)
        began = time.monotonic()
        connection.sendall(start)
        while time.monotonic() - began < 60:
            try:
                answer = connection.recv(4096)
                return time.monotonic() - began, answer[9:12]
            except socket.timeout:
                connection.sendall(more)
    return None, b""


def test_slow_clients_are_sent_away_and_hold_nobody_up(open_server, program):
    with ThreadPoolExecutor(SLOW) as pool:
        heads = [pool.submit(trickle, open_server.port, HEAD, b"X-Slow: 1\r\n") for _ in range(SLOW // 2)]
        bodies = [pool.submit(trickle, open_server.port, HEAD + b"Content-Length: 60000\r\n\r\n", b" ") for _ in range(SLOW // 2)]
        time.sleep(2)
        assert reply_of(say(program, "hej", "quick"))
        assert not any(future.done() for future in heads + bodies)  # the reply did not wait for the first of them to be sent away
        ended = [future.result() for future in heads + bodies]
    assert {status for _, status in ended} == {b"408"}
    assert max(seconds for seconds, _ in ended) < max(1.5 * HEAD_SECONDS, BODY_SECONDS) + 5
