"""Lots that the forecast sees full soon (饱和预警)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from parking.congestion.condition import Condition
from parking.domain.alert import AlertKind
from parking.domain.forecast import Forecast
from parking.domain.lot import Lot
from parking.domain.settings import AlertSettings
from parking.domain.town import Town


@dataclass(frozen=True, slots=True)
class Filling:
    """A lot, and the first horizon at which almost nothing will be left."""

    lot: Lot
    index: int
    issued_at: datetime
    within_min: int
    free_then: float

    def condition(self, now: datetime, free: int) -> Condition:
        """The warning, with the bays that are free now (-1: nobody knows)."""
        evidence = {
            "within_min": float(self.within_min),
            "free_then": round(self.free_then, 1),
            "capacity": float(self.lot.capacity),
        }
        return Condition(
            AlertKind.LOT_FILLING,
            self.lot.id,
            self.lot.id,
            self.lot.place,
            self.lot.cell,
            since=min(self.issued_at, now),
            reason="lot_filling",
            evidence=evidence if free < 0 else evidence | {"free": float(free)},
        )


def list_filling(forecasts: Iterable[Forecast], town: Town, settings: AlertSettings) -> tuple[Filling, ...]:
    """Lots whose point forecast leaves less than the share free within the time, in the order of forecasts."""
    index = {lot.id: i for i, lot in enumerate(town.lots)}
    found = (
        _filling(one, index[one.lot], town.lots[index[one.lot]], settings) for one in forecasts if one.lot in index
    )
    return tuple(one for one in found if one is not None)


def _filling(forecast: Forecast, index: int, lot: Lot, settings: AlertSettings) -> Filling | None:
    middle = forecast.quantiles.index(0.5)
    for horizon, taken in zip(forecast.horizons_min, forecast.taken, strict=True):
        free = lot.capacity - taken[middle]
        if horizon <= settings.filling_within_min and free < settings.filling_share * lot.capacity:
            return Filling(lot, index, forecast.issued_at, horizon, free)
    return None
