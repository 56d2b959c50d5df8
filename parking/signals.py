"""Ctrl-C and SIGTERM end the work in order; whatever was begun is put away first."""

import asyncio
import signal
import sys
from collections.abc import Coroutine, Iterator
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
    loop.add_signal_handler(signal.SIGUSR1, _tell_where)
    try:
        await work
    except asyncio.CancelledError:
        if not told:
            raise
    return 0


def _tell_where() -> None:
    """SIGUSR1: where every task of the process waits, on standard error; for whoever finds a service that hangs."""
    for task in asyncio.all_tasks():
        lines = " <- ".join(reversed([*_waits_at(task.get_coro())]))
        sys.stderr.write(f"{task.get_name()}: {lines}\n")


def _waits_at(awaited: object) -> Iterator[str]:
    """File and line of each coroutine or generator down to the one that waits."""
    while awaited is not None:
        for kind in ("cr", "ag", "gi"):
            if (frame := getattr(awaited, f"{kind}_frame", None)) is not None:
                yield f"{frame.f_code.co_filename}:{frame.f_lineno}"
        awaited = next(
            (found for name in ("cr_await", "ag_await", "gi_yieldfrom") if (found := getattr(awaited, name, None))),
            None,
        )
