"""The four clocks of time limits (处置时限): urgent and natural time run on, working time only while offices work."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from parking.domain.calendar import Calendar
from parking.domain.case import Clock, Extension, Limit, Stage, Step

WORKING_HOURS: Final = ((time(8), time(12)), (time(14), time(18)))
"""Local hours of every working day; eight of them are one work day."""

UNIT: Final[Mapping[Clock, timedelta]] = MappingProxyType(
    {
        Clock.URGENT_HOUR: timedelta(hours=1),
        Clock.WORK_HOUR: timedelta(hours=1),
        Clock.WORK_DAY: timedelta(hours=8),
        Clock.NATURAL_DAY: timedelta(hours=24),
    }
)

RUNS_ON: Final = (Clock.URGENT_HOUR, Clock.NATURAL_DAY)
"""Clocks that nights, weekends and holidays do not stop."""


def deadline(limit: Limit, start: datetime, calendar: Calendar) -> datetime:
    """The first instant at which the limit is used up, UTC."""
    left = limit.amount * UNIT[limit.clock]
    if limit.clock in RUNS_ON or not left:
        return (start + left).astimezone(UTC)
    for begins, ends in _working_spans(start, calendar):
        if left <= ends - begins:
            return begins + left
        left -= ends - begins
    raise AssertionError("working days never end")


def used(limit: Limit, start: datetime, end: datetime, calendar: Calendar) -> float:
    """Units of the limit's clock between two instants; 0 when the end is not later than the start."""
    if end <= start:
        return 0.0
    if limit.clock in RUNS_ON:
        return (end - start) / UNIT[limit.clock]
    worked = timedelta()
    for begins, ends in _working_spans(start, calendar):
        if begins >= end:
            break
        worked += min(ends, end) - begins
    return worked / UNIT[limit.clock]


def deadline_of(
    limit: Limit, steps: Sequence[Step], calendar: Calendar, extensions: Sequence[Extension] = ()
) -> datetime | None:
    """A case's deadline after these steps; None before dispatch.

    The clock starts with the newest dispatch (a returned case starts anew with the next department) and stands
    still while the case is suspended: what was suspended, on the limit's own clock, is added to the limit. An
    extension granted since that dispatch adds the limit once more.
    """
    dispatched = [i for i, step in enumerate(steps) if step.stage is Stage.DISPATCHED]
    if not dispatched:
        return None
    since = steps[dispatched[-1] :]
    pauses = (used(limit, a.at, b.at, calendar) for a, b in pairwise(since) if a.stage is Stage.SUSPENDED)
    granted = sum(bool(one.granted) and one.asked_at >= since[0].at for one in extensions)
    return deadline(Limit(limit.amount * (1 + granted) + sum(pauses), limit.clock), since[0].at, calendar)


def _working_spans(start: datetime, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """Working time from `start` on as spans of UTC, without end."""
    start = start.astimezone(UTC)
    day = calendar.local(start).date()
    while True:
        if calendar.is_working_day(day):
            for opens, closes in _hours(day, calendar):
                if closes > start:
                    yield max(opens, start), closes
        day += timedelta(days=1)


def _hours(day: date, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    for opens, closes in WORKING_HOURS:
        yield (
            datetime.combine(day, opens, calendar.timezone).astimezone(UTC),
            datetime.combine(day, closes, calendar.timezone).astimezone(UTC),
        )
