"""Time as the forecast sees it: numbered slots, each with a kind of day and a time of day."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from parking.domain.calendar import Calendar, DayType

I64 = NDArray[np.int64]

KINDS: Final = 3
"""Working days, Saturdays, and Sundays with holidays: a holiday fills lots like a Sunday."""
KIND_OF: Final = {DayType.WORKDAY: 0, DayType.SATURDAY: 1, DayType.SUNDAY: 2, DayType.HOLIDAY: 2}
REMEMBERED: Final = 8192
"""Slots whose cell is kept; asking the calendar costs more than forecasting a lot."""


class Slots:
    """Slots of `step_min` minutes, numbered from 1970. A *cell* is a kind of day and a local time of day."""

    def __init__(self, calendar: Calendar, step_min: int) -> None:
        self.step_s = 60 * step_min
        self.a_day = 1440 // step_min
        self._calendar = calendar
        self._cells: dict[int, int] = {}

    def number(self, at: datetime) -> int:
        """The slot that holds an instant."""
        return int(at.timestamp()) // self.step_s

    def begins(self, slot: int) -> datetime:
        """When a slot begins, UTC."""
        return datetime.fromtimestamp(slot * self.step_s, UTC)

    def cell(self, slot: int) -> int:
        """Kind of day × slots a day + slot of the local day."""
        found = self._cells.get(slot)
        if found is None:
            if len(self._cells) >= REMEMBERED:
                self._cells.clear()
            local = self._calendar.local(self.begins(slot))
            time_of_day = (60 * local.hour + local.minute) * 60 // self.step_s
            found = KIND_OF[self._calendar.day_type(local.date())] * self.a_day + time_of_day
            self._cells[slot] = found
        return found

    def cells(self, slots: Iterable[int]) -> I64:
        """Cells of several slots."""
        return np.array([self.cell(slot) for slot in slots], dtype=np.int64)
