"""Days as a town lives them: working days, weekends, statutory holidays, make-up days (调休)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo


class DayType(StrEnum):
    """Kinds of day that fill lots differently."""

    WORKDAY = "workday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"
    HOLIDAY = "holiday"


DAY_TYPES = tuple(DayType)
"""Order of the codes in numpy columns."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """Statutory holidays and make-up working days of a region, by local date."""

    timezone: ZoneInfo
    holidays: Mapping[date, str] = field(default_factory=dict)
    """Date to the holiday's name."""
    make_up_days: frozenset[date] = frozenset()
    """Weekend days that are worked to make up for a holiday."""

    def local(self, at: datetime) -> datetime:
        """The same instant on the town's clock."""
        return at.astimezone(self.timezone)

    def day_type(self, day: date) -> DayType:
        """Kind of a local day; a make-up day is a workday."""
        if day in self.holidays:
            return DayType.HOLIDAY
        if day in self.make_up_days or day.weekday() < 5:
            return DayType.WORKDAY
        return DayType.SATURDAY if day.weekday() == 5 else DayType.SUNDAY

    def is_working_day(self, day: date) -> bool:
        """Whether offices work that day."""
        return self.day_type(day) is DayType.WORKDAY
