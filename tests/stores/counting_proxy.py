"""Stands between Rasa and the action server, passes on all bytes, and notes those that Rasa posts. Run as a program.

    python -m tests.stores.counting_proxy PORT TARGET_PORT FILE

FILE gets one line for each part of a call as it comes: whether the call begins with it (1 or 0), and its bytes.
"""
from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from typing import Callable

HOST = "127.0.0.1"
CHUNK = 65536  # bytes


async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, note: Callable[[bytes], None]) -> None:
    """Pass bytes on until the sender ends; `note` sees each part before it goes on."""
    with suppress(ConnectionError):
        while True:
            part = await reader.read(CHUNK)
            if not part:
                break
            note(part)
            writer.write(part)
            await writer.drain()
    writer.close()


async def serve(port: int, target_port: int, path: str) -> None:
    """Serve until the process is ended."""
    with open(path, "a", buffering=1, encoding="utf-8") as counts:

        async def connect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            target_reader, target_writer = await asyncio.open_connection(HOST, target_port)
            answered = True  # HTTP takes turns: what comes after an answer, or first of all, begins a call

            def posted(part: bytes) -> None:
                nonlocal answered
                counts.write(f"{int(answered)} {len(part)}\n")
                answered = False

            def returned(part: bytes) -> None:
                nonlocal answered
                answered = True

            await asyncio.gather(pass_on(reader, target_writer, posted), pass_on(target_reader, writer, returned))

        async with await asyncio.start_server(connect, HOST, port) as server:
            await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
