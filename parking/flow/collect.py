"""The first loop: what came off the wire is kept, then acknowledged, then handed to the engine. Never in another order.

While the store is away the batch stays in hand and nothing is acknowledged: the feed's room fills, the broker waits.
"""

from collections.abc import Callable
from dataclasses import dataclass

from parking.flow.patience import patiently
from parking.ports import Arrivals, Feed, Intake, Kept


@dataclass(slots=True)
class Collected:
    """Counts since the start, for the metrics page."""

    messages: int = 0
    readings: int = 0
    shown: int = 0
    doubts: int = 0
    commits: int = 0
    new: int = 0
    """Inputs that no earlier message had told: the rest were resends."""


class Collect:
    """From the feed to the intake log."""

    def __init__(self, feed: Feed, intake: Intake, offer: Callable[[Kept], None]) -> None:
        """`offer` hears of each committed entry that holds something new; it must not block."""
        self._feed = feed
        self._intake = intake
        self._offer = offer
        self.counts = Collected()

    async def run(self) -> None:
        """Keep and acknowledge batch after batch, until the feed is closed."""
        async for arrivals in self._feed.batches():
            await self._take(arrivals)

    async def _take(self, arrivals: Arrivals) -> None:
        kept = await patiently(lambda: self._intake.keep(arrivals.readings, arrivals.shown, arrivals.doubts))
        await self._feed.acknowledge(arrivals)
        self._count(arrivals, kept)
        if kept is not None and kept.inputs:
            self._offer(kept)

    def _count(self, arrivals: Arrivals, kept: Kept | None) -> None:
        counts = self.counts
        counts.messages += arrivals.messages
        counts.readings += len(arrivals.readings)
        counts.shown += len(arrivals.shown)
        counts.doubts += len(arrivals.doubts)
        counts.commits += 1
        counts.new += 0 if kept is None else len(kept.inputs)
