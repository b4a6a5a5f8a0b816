"""How the tests run a coroutine."""
import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, Coroutine


def run(coroutine: Coroutine) -> Any:
    """Run it in a thread of its own: the browser of other tests leaves an event loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(copy_context().run, asyncio.run, coroutine).result()
