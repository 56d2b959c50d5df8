"""Which lots are closed by the clock: nobody comes or goes then."""

from collections.abc import Sequence
from datetime import datetime, time, tzinfo

import numpy as np
from numpy.typing import NDArray

from parking.domain.lot import Lot

BOOLS = NDArray[np.bool_]


class OpenHours:
    """Opening hours as columns, judged on the town's clock."""

    def __init__(self, lots: Sequence[Lot], timezone: tzinfo) -> None:
        self._lots = tuple(lots)
        self._timezone = timezone
        self._with_hours = np.array([i for i, lot in enumerate(lots) if lot.hours is not None], dtype=np.int64)
        hours = [lot.hours for lot in lots if lot.hours is not None]
        self._opens = np.array([_seconds(one.opens) for one in hours])
        self._closes = np.array([_seconds(one.closes) for one in hours])
        self._minute = -1
        self._closed: BOOLS = np.zeros(len(lots), dtype=bool)

    def closed(self, now: datetime) -> BOOLS | None:
        """Lots outside their hours as of the minute's begin, shape (L,); None when no lot has any."""
        if not len(self._with_hours):
            return None
        minute = int(now.timestamp()) // 60
        if minute != self._minute:
            self._minute = minute
            local = _seconds(datetime.fromtimestamp(60 * minute, self._timezone).time())
            after, before = local >= self._opens, local < self._closes
            is_open = np.where(self._opens <= self._closes, after & before, after | before)
            self._closed[self._with_hours] = ~is_open
        return self._closed

    def is_open(self, i: int, at_s: float) -> bool:
        """Whether lot `i` takes cars at that instant, epoch seconds."""
        hours = self._lots[i].hours
        return hours is None or hours.is_open(datetime.fromtimestamp(at_s, self._timezone).time())


def _seconds(at: time) -> float:
    return at.hour * 3600.0 + at.minute * 60.0 + at.second
