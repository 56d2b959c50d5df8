"""Once an hour of street time: partitions ahead of need, and nothing kept longer than it may be."""

import logging
from datetime import timedelta

from parking.flow.patience import patiently
from parking.ports import Clock, Retention

log = logging.getLogger(__name__)

EVERY = timedelta(hours=1)


class Tidy:
    """Keeps the store's shelves."""

    def __init__(self, retention: Retention, clock: Clock, keep_days: int) -> None:
        self._retention = retention
        self._clock = clock
        self._keep = timedelta(days=keep_days)

    async def run(self) -> None:
        """Tidy now and then every hour, for ever."""
        while True:
            await self.once()
            await self._clock.sleep_until(self._clock.now() + EVERY)

    async def once(self) -> None:
        """Make the coming days' partitions and drop what is past its time."""
        today = self._clock.now().date()
        await patiently(lambda: self._retention.make_ahead(today))
        dropped = await patiently(lambda: self._retention.drop_before(today - self._keep))
        if dropped:
            log.info("dropped readings of %d days before %s", len(dropped), today - self._keep)
