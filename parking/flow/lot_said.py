"""A lot's state as the world hears it: the body of `lots/{lot}/state`, field by field as `docs/wire.md` says."""

from datetime import datetime

from msgspec import Struct

from parking.codec import encode
from parking.domain.forecast import Forecast
from parking.domain.guidance import State
from parking.domain.ids import LotId
from parking.domain.lotstate import LotState
from parking.domain.occupancy import Quality


class ForecastSaid(Struct):
    """One horizon: the middle of the band, and its ends."""

    horizon_min: int
    issued_at: datetime
    taken: float
    taken_low: float
    taken_high: float


class LotSaid(Struct):
    """One lot now."""

    lot: LotId
    at: datetime
    state: State
    free: int | None
    capacity: int
    quality: Quality
    reason: str
    heard_at: datetime | None
    age_s: float | None
    forecast: list[ForecastSaid]


def say_lot(state: LotState, forecast: Forecast | None) -> bytes:
    """The message's body, JSON."""
    now = state.occupancy
    age_s = None if now.heard_at is None else (now.at - now.heard_at).total_seconds()
    return encode(
        LotSaid(
            lot=state.lot,
            at=now.at,
            state=state.state,
            free=state.free,
            capacity=now.capacity,
            quality=now.quality,
            reason=now.reason,
            heard_at=now.heard_at,
            age_s=age_s,
            forecast=[] if forecast is None else _horizons(forecast),
        )
    )


def _horizons(forecast: Forecast) -> list[ForecastSaid]:
    middle = forecast.quantiles.index(0.5)
    return [
        ForecastSaid(minutes, forecast.issued_at, taken[middle], taken[0], taken[-1])
        for minutes, taken in zip(forecast.horizons_min, forecast.taken, strict=True)
    ]
