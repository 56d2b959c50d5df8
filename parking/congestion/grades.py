"""County grades I-IV of an alert, from how long it has been how bad (our choice; no standard's numbers are open)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from parking.domain.alert import AlertKind, Grade
from parking.domain.roadstate import ROAD_LEVELS, RoadLevel
from parking.domain.settings import AlertSettings

Minutes = Mapping[RoadLevel, float]


@dataclass(slots=True)
class Spell:
    """A stretch of time in which something was so bad or worse; short breaks do not end it."""

    began_at: datetime
    last_at: datetime

    @property
    def minutes(self) -> float:
        """Its length."""
        return (self.last_at - self.began_at).total_seconds() / 60

    def lasts(self, now: datetime, hold_s: float) -> bool:
        """Whether the break since it was last seen is still short."""
        return now - self.last_at <= timedelta(seconds=hold_s)


@dataclass(frozen=True, slots=True)
class Burden:
    """What the grade of an alert follows from."""

    lasted_min: float
    """Since its onset."""
    minutes: Minutes
    """Minutes at each level or worse."""
    queue_m: float | None
    broken: bool


def grade_of(kind: AlertKind, burden: Burden, settings: AlertSettings) -> Grade | None:
    """The grade, or None while it has not lasted."""
    return RULES[kind](burden, settings)


def _of_jam(burden: Burden, settings: AlertSettings) -> Grade | None:
    table = (
        (Grade.I, RoadLevel.SEVERE, settings.grade_i_severe_min),
        (Grade.II, RoadLevel.SEVERE, settings.grade_ii_severe_min),
        (Grade.III, RoadLevel.SEVERE, settings.grade_iii_severe_min),
        (Grade.III, RoadLevel.MODERATE, settings.grade_iii_moderate_min),
        (Grade.IV, RoadLevel.LIGHT, settings.grade_iv_light_min),
    )
    by_time = next((grade for grade, level, least in table if burden.minutes.get(level, 0.0) > least), None)
    return _graver(by_time, _of_length(burden.queue_m, settings))


def _of_queue(burden: Burden, settings: AlertSettings) -> Grade | None:
    by_time = Grade.III if burden.lasted_min > settings.queue_grade_iii_min else None
    return _graver(by_time, _of_length(burden.queue_m, settings))


def _of_length(queue_m: float | None, settings: AlertSettings) -> Grade | None:
    if queue_m is None or queue_m <= settings.grade_ii_queue_m:
        return None
    return Grade.I if queue_m > settings.grade_i_queue_m else Grade.II


def _of_warning(burden: Burden, settings: AlertSettings) -> Grade | None:
    return Grade.IV if burden.lasted_min > settings.grade_iv_light_min else None


def _of_fault(burden: Burden, _settings: AlertSettings) -> Grade | None:
    return Grade.III if burden.broken else None


def _graver(one: Grade | None, other: Grade | None) -> Grade | None:
    return min((grade for grade in (one, other) if grade is not None), default=None)


RULES: Final[Mapping[AlertKind, Callable[[Burden, AlertSettings], Grade | None]]] = MappingProxyType(
    {
        AlertKind.JAM: _of_jam,
        AlertKind.ROAD_CLOSED: _of_jam,
        AlertKind.LOT_QUEUE: _of_queue,
        AlertKind.LOT_FILLING: _of_warning,
        AlertKind.ILLEGAL_PARKING: _of_warning,
        AlertKind.SENSOR_SILENT: _of_fault,
        AlertKind.SENSOR_WRONG: _of_fault,
        AlertKind.SIGN_UNCONFIRMED: _of_fault,
    }
)

CONGESTED: Final = ROAD_LEVELS[ROAD_LEVELS.index(RoadLevel.LIGHT) : ROAD_LEVELS.index(RoadLevel.SEVERE) + 1]
"""Levels that are counted in minutes: light, moderate, severe."""
