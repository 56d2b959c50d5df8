"""Ctrl-C and SIGTERM end the work in order; whatever was begun is put away first."""

import asyncio
import signal
from collections.abc import Coroutine
from typing import Any

ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def run_until_told(work: Coroutine[Any, Any, None]) -> int:
    """Run the work until it ends or a signal asks for the end; returns the exit code.

    The first signal cancels the work, whose own clean-up then runs; further signals change nothing, because the
    clean-up is bounded by its own time-outs.
    """
    return asyncio.run(_until_told(work))


async def _until_told(work: Coroutine[Any, Any, None]) -> int:
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 -- asyncio.run always gives one
    told: list[int] = []

    def end(number: int) -> None:
        if not told:
            told.append(number)
            task.cancel()

    for number in ENDS:
        loop.add_signal_handler(number, end, number)
    try:
        await work
    except asyncio.CancelledError:
        if not told:
            raise
    return 0
