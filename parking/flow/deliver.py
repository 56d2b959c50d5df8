"""The world is told: outbox rows to each sink, in order per key, at least once, retried for days.

Retries are a matter of machines: the clock here is the machine's, at any speed of the street.
"""

import asyncio
import logging
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from parking.domain.errors import EdgeDown
from parking.flow.patience import patiently
from parking.ports import Clock, Due, Outbox, Sink

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 900.0
"""A receiver that was away over night hears the news within a quarter of an hour of its return."""
POLL_S = 2.0
"""Another process may have written the row, and retries fall due without anybody saying so."""
AT_ONCE = 8
"""Rows of different keys on their way to one sink."""


def retry_pause(sink: str, due: Due) -> timedelta:
    """Pause after one more failure: doubling, between half and all of it by the row's number."""
    jitter = 0.5 + zlib.crc32(f"{sink} {due.id} {due.attempts}".encode()) / 2**33
    return timedelta(seconds=min(FIRST_PAUSE_S * 2.0 ** min(due.attempts, 20), LONGEST_PAUSE_S) * jitter)


@dataclass(slots=True)
class Delivered:
    """Counts of one sink since the start, for the metrics page."""

    delivered: int = 0
    failed: int = 0


class Deliver:
    """One loop a sink: a sink that is away holds up no other."""

    def __init__(self, outbox: Outbox, sinks: Sequence[Sink], machine: Clock) -> None:
        self._outbox = outbox
        self._sinks = tuple(sinks)
        self._machine = machine
        self._news = {sink.name: asyncio.Event() for sink in self._sinks}
        self.counts = {sink.name: Delivered() for sink in self._sinks}

    def wake(self) -> None:
        """There may be new rows: look now."""
        for news in self._news.values():
            news.set()

    async def run(self) -> None:
        """Deliver for ever."""
        async with asyncio.TaskGroup() as tasks:
            for sink in self._sinks:
                tasks.create_task(self._serve(sink))
            if not self._sinks:
                await asyncio.Event().wait()

    async def _serve(self, sink: Sink) -> None:
        news = self._news[sink.name]
        while True:
            news.clear()
            rows = await patiently(lambda: self._outbox.due(sink.name, self._machine.now()))
            await self._deliver_all(sink, rows)
            if not rows:
                await _wait(news)

    async def _deliver_all(self, sink: Sink, rows: Sequence[Due]) -> None:
        room = asyncio.Semaphore(AT_ONCE)

        async def one(row: Due) -> None:
            async with room:
                await self._deliver(sink, row)

        async with asyncio.TaskGroup() as tasks:
            for row in rows:
                tasks.create_task(one(row))

    async def _deliver(self, sink: Sink, row: Due) -> None:
        now = self._machine.now
        try:
            await sink.deliver(row)
        except EdgeDown as trouble:
            why = str(trouble)
            log.warning("%s: not told of %s: %s", sink.name, row.message.key, why, extra={"row": row.id})
            self.counts[sink.name].failed += 1
            retry_at = now() + retry_pause(sink.name, row)
            await patiently(lambda: self._outbox.failed(sink.name, row.id, retry_at, why))
            return
        self.counts[sink.name].delivered += 1
        await patiently(lambda: self._outbox.delivered(sink.name, row.id, now()))


async def _wait(news: asyncio.Event) -> None:
    try:
        async with asyncio.timeout(POLL_S):
            await news.wait()
    except TimeoutError:
        return
