"""What a forecast means in words: how many will be free in an hour, and when the lot will be full."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from parking.domain.forecast import Forecast
from parking.web.views.instant import Instant

LOW, HIGH = 0.1, 0.9
"""Quantiles of the 80 % band that people are told."""


class ForecastPoint(msgspec.Struct, frozen=True, kw_only=True):
    """One horizon: the middle and the 80 % band, in bays."""

    minutes: int
    at: Instant
    taken: float
    taken_low: float
    taken_high: float
    free: int
    free_low: int
    free_high: int


class Outlook(msgspec.Struct, frozen=True, kw_only=True):
    """The next two hours of a lot."""

    issued_at: Instant
    hour: ForecastPoint | None
    """An hour ahead, or the nearest horizon there is."""
    full_at: Instant | None
    """When it will probably be full; None: not within two hours."""
    full_earliest: Instant | None
    full_latest: Instant | None
    """Ends of the 80 % band of that time; None: perhaps not at all."""


def points(forecast: Forecast, capacity: int) -> list[ForecastPoint]:
    """All horizons, nearest first."""
    low, middle, high = (_column(forecast, level) for level in (LOW, 0.5, HIGH))
    return [
        _point(forecast.issued_at, minutes, low[i], middle[i], high[i], capacity)
        for i, minutes in enumerate(forecast.horizons_min)
    ]


def outlook(forecast: Forecast, capacity: int, full_below: int, *, hour_min: int = 60, look_min: int = 120) -> Outlook:
    """`full_below`: free bays at or under which people call it full."""
    coming = points(forecast, capacity)
    full = capacity - full_below
    times = [_crossing(forecast, _column(forecast, level), full, look_min) for level in (0.5, HIGH, LOW)]
    return Outlook(
        issued_at=forecast.issued_at,
        hour=min(coming, key=lambda point: abs(point.minutes - hour_min), default=None),
        full_at=times[0],
        full_earliest=times[1] if times[0] else None,
        full_latest=times[2] if times[0] else None,
    )


def _point(issued: datetime, minutes: int, low: float, middle: float, high: float, capacity: int) -> ForecastPoint:
    return ForecastPoint(
        minutes=minutes,
        at=issued + timedelta(minutes=minutes),
        taken=middle,
        taken_low=low,
        taken_high=high,
        free=_free(capacity, middle),
        free_low=_free(capacity, high),
        free_high=_free(capacity, low),
    )


def _free(capacity: int, taken: float) -> int:
    return min(capacity, max(0, round(capacity - taken)))


def _column(forecast: Forecast, level: float) -> Sequence[float]:
    """Taken bays at the quantile nearest to `level`, per horizon."""
    i = min(range(len(forecast.quantiles)), key=lambda k: abs(forecast.quantiles[k] - level))
    return [row[i] for row in forecast.taken]


def _crossing(forecast: Forecast, taken: Sequence[float], full: float, look_min: int) -> datetime | None:
    """First time a curve reaches `full`, by straight lines between the horizons."""
    before: tuple[int, float] | None = None
    for minutes, value in zip(forecast.horizons_min, taken, strict=True):
        if minutes > look_min:
            return None
        if value >= full:
            share = 1.0 if before is None else (full - before[1]) / (value - before[1])
            start = minutes if before is None else before[0]
            return forecast.issued_at + timedelta(minutes=round(start + share * (minutes - start)))
        before = (minutes, value)
    return None
