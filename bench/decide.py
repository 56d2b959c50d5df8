"""What one tick of the estimate costs for a hundred thousand lots, each with a gate and a system of its own.

A 30 s interval is applied: every gate has told its totals, every second system its count. Hearing the readings, one by
one, and applying them to all lots at a tick are told apart.
"""

import time
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any, Final

from parking.domain.device import Device, DeviceKind
from parking.domain.ids import AreaId, CellCode, DeviceId, LotId, SectionId
from parking.domain.lot import BayClass, Lot, LotKind
from parking.domain.place import Point
from parking.domain.reading import CountReading, CountSource, GateReading, Reading
from parking.domain.settings import EstimateSettings
from sensors.estimate import Estimator

LOTS: Final = 100_000
LIMIT_S: Final = 0.2
ROUNDS: Final = 5
INTERVAL: Final = timedelta(seconds=30)
NOON: Final = datetime(2026, 5, 13, 4, tzinfo=UTC)


def run(*, quiet: bool = False) -> dict[str, Any]:
    """A handful of intervals; the median of each part."""
    del quiet
    lots = [_lot(n) for n in range(LOTS)]
    gates = [_device(f"gate-{lot.id}", DeviceKind.GATE, lot) for lot in lots]
    systems = [_device(f"barrier-{lot.id}", DeviceKind.BARRIER_SYSTEM, lot) for lot in lots]
    estimator = Estimator(lots, [*gates, *systems], EstimateSettings())
    heard, applied, readings = [], [], 0
    for nth in range(ROUNDS + 2):
        now = NOON + nth * INTERVAL
        said = _said(lots, nth, now)
        begun = time.perf_counter()
        for reading in said:
            estimator.take(reading)
        between = time.perf_counter()
        estimator.estimate(now)
        if nth >= 2:  # the first ones meet every device for the first time
            heard.append(between - begun)
            applied.append(time.perf_counter() - between)
            readings = len(said)
    return {
        "estimate_100000_lots_s": round(median(applied), 4),
        "limit_s": LIMIT_S,
        "hearing_s": round(median(heard), 3),
        "readings": readings,
        "us_per_reading": round(1e6 * median(heard) / readings, 2),
    }


def _lot(n: int) -> Lot:
    return Lot(
        id=LotId(f"P{n}"),
        name=f"P{n}",
        name_en=f"P{n}",
        kind=LotKind.SURFACE,
        bays={BayClass.GENERAL: 200},
        place=Point(109.45, 31.02),
        cell=CellCode("500236001010001"),
        area=AreaId("A"),
        section=SectionId("R1"),
        queue_room=6,
    )


def _device(name: str, kind: DeviceKind, lot: Lot) -> Device:
    return Device(DeviceId(name), kind, timedelta(seconds=30), lots=frozenset({lot.id}))


def _said(lots: list[Lot], nth: int, now: datetime) -> list[Reading]:
    head = {"boot": 1, "seq": nth, "at": now, "received_at": now}
    gates: list[Reading] = [
        GateReading(device=DeviceId(f"gate-{lot.id}"), lot=lot.id, entered=3 * nth, left=2 * nth, **head)  # type: ignore[arg-type]
        for lot in lots
    ]
    counts = [
        CountReading(
            device=DeviceId(f"barrier-{lot.id}"),
            lot=lot.id,
            taken=100 + nth,
            source=CountSource.BARRIER_SYSTEM,
            **head,  # type: ignore[arg-type]
        )
        for n, lot in enumerate(lots)
        if (n + nth) % 2 == 0
    ]
    return [*gates, *counts]
