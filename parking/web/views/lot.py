"""A lot as the API tells it."""

from datetime import datetime

import msgspec

from parking.domain.guidance import State
from parking.domain.lot import Lot, LotKind
from parking.domain.occupancy import Occupancy, Quality
from parking.web.scene import Scene
from parking.web.views.instant import Instant
from parking.web.views.outlook import ForecastPoint, Outlook, outlook, points

NOT_YET = "not_yet"
"""Reason of a lot that the engine has not spoken of since the start."""


class LotView(msgspec.Struct, frozen=True, kw_only=True):
    """The newest of one lot. `free` is None when nobody can know or the lot is closed."""

    id: str
    name: str
    name_en: str
    kind: LotKind
    area: str
    capacity: int
    state: State
    free: int | None
    taken: float | None
    sd: float | None
    quality: Quality
    reason: str
    estimated_at: Instant | None
    heard_at: Instant | None
    """When one of its sources last gave proof of life."""
    age_s: float | None
    """Street seconds since then."""
    outlook: Outlook | None


class LotList(msgspec.Struct, frozen=True):
    """Lots in the town's order."""

    at: Instant
    items: list[LotView]


class ForecastView(msgspec.Struct, frozen=True, kw_only=True):
    """The newest forecast of a lot, whole."""

    lot: str
    issued_at: Instant
    age_s: float | None
    model: str
    capacity: int
    band: float
    """Share of truths that the low..high band should hold."""
    points: list[ForecastPoint]
    quantiles: list[float]
    taken: list[list[float]]
    """Taken bays, [horizon][quantile]."""


class Slot(msgspec.Struct, frozen=True, kw_only=True):
    """Five minutes of the past."""

    at: Instant
    taken: float
    sd: float
    quality: Quality
    reason: str


class HistoryView(msgspec.Struct, frozen=True, kw_only=True, rename={"since": "from", "until": "to"}):
    """A lot's past in [from, to), oldest first."""

    lot: str
    capacity: int
    since: Instant
    until: Instant
    slots: list[Slot]


def lot_view(scene: Scene, lot: Lot) -> LotView:
    """The lot now; unknown until the engine has spoken of it."""
    state = scene.present.lots.get(lot.id)
    seen = state.occupancy if state else None
    heard = _heard(scene, lot, seen)
    known = seen is not None and seen.quality in (Quality.LIVE, Quality.DEGRADED)
    return LotView(
        id=lot.id,
        name=lot.name,
        name_en=lot.name_en,
        kind=lot.kind,
        area=lot.area,
        capacity=lot.capacity,
        state=state.state if state else State.UNKNOWN,
        free=state.free if state else None,
        taken=seen.taken if seen and known else None,
        sd=seen.sd if seen and known else None,
        quality=seen.quality if seen else Quality.UNKNOWN,
        reason=seen.reason if seen else NOT_YET,
        estimated_at=seen.at if seen else None,
        heard_at=heard,
        age_s=scene.age_s(heard),
        outlook=_outlook(scene, lot),
    )


def forecast_view(scene: Scene, lot: Lot) -> ForecastView | None:
    """The lot's forecast, or None while there is none."""
    forecast = scene.present.forecasts.get(lot.id)
    if forecast is None:
        return None
    return ForecastView(
        lot=lot.id,
        issued_at=forecast.issued_at,
        age_s=scene.age_s(forecast.issued_at),
        model=forecast.model,
        capacity=lot.capacity,
        band=0.8,
        points=points(forecast, lot.capacity),
        quantiles=list(forecast.quantiles),
        taken=[list(row) for row in forecast.taken],
    )


def slot_of(seen: Occupancy) -> Slot:
    """One stored estimate."""
    return Slot(at=seen.at, taken=seen.taken, sd=seen.sd, quality=seen.quality, reason=seen.reason)


def _heard(scene: Scene, lot: Lot, seen: Occupancy | None) -> datetime | None:
    times = [scene.present.heard.get(lot.id), seen.heard_at if seen else None]
    return max((time for time in times if time is not None), default=None)


def _outlook(scene: Scene, lot: Lot) -> Outlook | None:
    forecast = scene.present.forecasts.get(lot.id)
    if forecast is None:
        return None
    signs = scene.settings.signs
    return outlook(forecast, lot.capacity, max(signs.full_enter_bays, int(signs.full_enter_share * lot.capacity)))
