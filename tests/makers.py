"""Makers with defaults, for all tests: a test names only what matters to it."""

# ruff: noqa: A002, ANN401 -- makers take the nouns' own field names, `id` among them, of any type

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from parking.domain.calendar import Calendar
from parking.domain.device import Device, DeviceKind
from parking.domain.duty import Department, Post, PostKind
from parking.domain.forecast import Forecast
from parking.domain.guidance import Guidance, Shown, State, Why
from parking.domain.ids import (
    AreaId,
    CameraId,
    CellCode,
    DepartmentId,
    DeviceId,
    LotId,
    PostId,
    SectionId,
    SignId,
)
from parking.domain.lot import BayClass, Hours, Lot, LotKind
from parking.domain.occupancy import Occupancy, Quality
from parking.domain.place import Point
from parking.domain.reading import CountReading, CountSource, GateReading, QueueReading, StatusReading, TrafficReading
from parking.domain.section import Camera, Cell, RoadClass, Section
from parking.domain.sign import Arrow, Level, Panel, Sign
from parking.domain.town import Area, Town
from signage.wording import row

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 5, 13, 4, 0, tzinfo=UTC)
"""Wednesday 12:00 in Fengjie."""

CENTRE = Point(109.4585, 31.0172)
CELL = CellCode("500236001010001")
OTHER_CELL = CellCode("500236003001001")


def at(seconds: float = 0.0, *, after: datetime = NOON) -> datetime:
    """So many seconds after noon."""
    return after + timedelta(seconds=seconds)


def local(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """A time on Fengjie's clocks."""
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


def a_lot(id: str = "P01", capacity: int = 100, **changes: Any) -> Lot:
    """A surface lot in the middle of town."""
    fields: dict[str, Any] = {
        "id": LotId(id),
        "name": f"停车场{id}",
        "name_en": f"Lot {id}",
        "kind": LotKind.SURFACE,
        "bays": {BayClass.GENERAL: capacity},
        "place": CENTRE,
        "cell": CELL,
        "area": AreaId("A1"),
        "section": SectionId("R1"),
        "queue_room": 6,
    }
    return Lot(**fields | changes)


def a_shared_lot(id: str, opens: Any, closes: Any, **changes: Any) -> Lot:
    """A lot that takes the public only in its hours."""
    return a_lot(id, kind=LotKind.SHARED, hours=Hours(opens, closes), **changes)


def a_panel(*lots: str, line: int = 1, area: str | None = None, travel_s: float = 120.0) -> Panel:
    """A panel of one lot, or of an area's lots."""
    name = area or lots[0]
    return Panel(
        line=line,
        name=name,
        name_en=name,
        arrow=Arrow.AHEAD,
        lots=tuple(LotId(lot) for lot in lots),
        travel_s=travel_s,
        area=None if area is None else AreaId(area),
    )


def a_sign(id: str = "G01", *panels: Panel, level: Level = Level.BLOCK, **changes: Any) -> Sign:
    """A block sign; without panels it names lot P01."""
    fields: dict[str, Any] = {
        "id": SignId(id),
        "name": f"诱导屏{id}",
        "name_en": f"Sign {id}",
        "level": level,
        "place": CENTRE,
        "heading_deg": 90.0,
        "section": SectionId("R1"),
        "panels": panels or (a_panel("P01"),),
    }
    return Sign(**fields | changes)


def a_section(id: str = "R1", **changes: Any) -> Section:
    """A collector of 1 km; its corridor is its own unless named."""
    fields: dict[str, Any] = {
        "id": SectionId(id),
        "name": f"道路{id}",
        "name_en": f"Road {id}",
        "road_class": RoadClass.COLLECTOR,
        "length_m": 1000.0,
        "limit_kmh": 40.0,
        "free_flow_kmh": 40.0,
        "lanes": 1,
        "line": (CENTRE, Point(109.4600, 31.0172)),
        "cell": CELL,
        "corridor": f"corridor-{id}",
    }
    return Section(**fields | changes)


def a_device(id: str = "gate-P01", *, lots: Sequence[str] = (), sections: Sequence[str] = (), **changes: Any) -> Device:
    """A gate that reports every 30 s."""
    fields: dict[str, Any] = {
        "id": DeviceId(id),
        "kind": DeviceKind.LOOP if sections else DeviceKind.GATE,
        "period": timedelta(seconds=30),
        "lots": frozenset(LotId(lot) for lot in lots),
        "sections": frozenset(SectionId(section) for section in sections),
    }
    return Device(**fields | changes)


def a_calendar(holidays: Sequence[date] = (), make_up_days: Sequence[date] = ()) -> Calendar:
    """Fengjie's calendar with these days off and these weekend days worked."""
    return Calendar(SHANGHAI, dict.fromkeys(holidays, "holiday"), frozenset(make_up_days))


DEPARTMENTS = (
    Department(DepartmentId("traffic-police"), "县公安局交巡警大队", "Traffic patrol police"),
    Department(DepartmentId("urban-management"), "县城市管理局", "Urban management bureau"),
    Department(DepartmentId("parking-operator"), "停车运营单位", "Parking operator"),
    Department(DepartmentId("equipment"), "设备运维单位", "Equipment maintenance"),
)


def a_post(id: str, kind: PostKind, **changes: Any) -> Post:
    """A post of the roster."""
    fields: dict[str, Any] = {
        "id": PostId(id),
        "kind": kind,
        "title": id,
        "title_en": id,
        "department": DepartmentId("urban-management"),
    }
    return Post(**fields | changes)


POSTS = (
    a_post("road-R1", PostKind.ROAD_CHIEF, sections=frozenset({SectionId("R1")})),
    a_post("street-001", PostKind.STREET_CHIEF, cells=(CellCode("500236001"),)),
    a_post("shift", PostKind.SHIFT_LEADER),
)


def a_town(
    lots: Sequence[Lot] = (),
    signs: Sequence[Sign] = (),
    sections: Sequence[Section] = (),
    **changes: Any,
) -> Town:
    """A town of one lot, one sign and one section, unless told otherwise."""
    fields: dict[str, Any] = {
        "id": "testtown",
        "name": "测试镇",
        "name_en": "Testtown",
        "county": "500236",
        "areas": (Area(AreaId("A1"), "中心", "Centre"),),
        "lots": tuple(lots) or (a_lot(),),
        "signs": tuple(signs) or (a_sign(),),
        "sections": tuple(sections) or (a_section(),),
        "devices": (a_device(lots=["P01"]), a_device("loop-R1", sections=["R1"])),
        "cells": (Cell(CELL, "滨河社区", "永安街道", CENTRE),),
        "cameras": (Camera(id=CameraId("C001"), section=SectionId("R1"), place=CENTRE),),
        "departments": DEPARTMENTS,
        "posts": POSTS,
        "calendar": a_calendar(),
    }
    return Town(**fields | changes)


def _head(device: str, when: datetime, seq: int, boot: int) -> dict[str, Any]:
    return {"device": DeviceId(device), "boot": boot, "seq": seq, "at": when, "received_at": when}


def a_gate_reading(entered: int, left: int, when: datetime = NOON, **changes: Any) -> GateReading:
    """Running totals of P01's gate."""
    head = _head("gate-P01", when, changes.pop("seq", 1), changes.pop("boot", 1))
    return GateReading(**head | {"lot": LotId("P01"), "entered": entered, "left": left} | changes)


def a_count_reading(taken: int, when: datetime = NOON, **changes: Any) -> CountReading:
    """A barrier system's absolute count of P01."""
    head = _head("barrier-P01", when, changes.pop("seq", 1), changes.pop("boot", 1))
    return CountReading(**head | {"lot": LotId("P01"), "taken": taken, "source": CountSource.BARRIER_SYSTEM} | changes)


def a_traffic_reading(speed_kmh: float | None, when: datetime = NOON, **changes: Any) -> TrafficReading:
    """A minute of R1's loop: ten cars at that speed, or none at all."""
    head = _head("loop-R1", when, changes.pop("seq", 1), changes.pop("boot", 1))
    fields: dict[str, Any] = {
        "section": SectionId("R1"),
        "vehicles": 0 if speed_kmh is None else 10,
        "speed_kmh": speed_kmh,
        "loop_occupancy_share": 0.1,
        "interval_s": 60.0,
    }
    return TrafficReading(**head | fields | changes)


def a_queue_reading(vehicles: int | None = None, when: datetime = NOON, **changes: Any) -> QueueReading:
    """Cars waiting at P01's entrance."""
    head = _head("camera-P01", when, changes.pop("seq", 1), changes.pop("boot", 1))
    return QueueReading(**head | {"lot": LotId("P01"), "queue_vehicles": vehicles} | changes)


def a_status(online: bool = True, when: datetime = NOON, **changes: Any) -> StatusReading:
    """A device's proof of life, or its last will."""
    head = _head("gate-P01", when, changes.pop("seq", 0), changes.pop("boot", 1))
    return StatusReading(**head | {"online": online} | changes)


def an_occupancy(taken: float = 50.0, capacity: int = 100, **changes: Any) -> Occupancy:
    """A live estimate of P01."""
    fields: dict[str, Any] = {
        "lot": LotId("P01"),
        "at": NOON,
        "taken": taken,
        "sd": 1.0,
        "capacity": capacity,
        "quality": Quality.LIVE,
        "reason": "",
        "heard_at": NOON,
    }
    return Occupancy(**fields | changes)


def a_forecast(*taken: float, lot: str = "P01", issued_at: datetime = NOON, step_min: int = 15) -> Forecast:
    """Point forecasts at 15, 30, 45 … minutes."""
    horizons = tuple(step_min * (i + 1) for i in range(len(taken)))
    bands = tuple((value, value, value) for value in taken)
    return Forecast(LotId(lot), issued_at, horizons, (0.1, 0.5, 0.9), bands, "test")


def a_guidance(free: int = 12, sequence: int = 1, when: datetime = NOON, **changes: Any) -> Guidance:
    """G01 shows a number."""
    fields: dict[str, Any] = {
        "sign": SignId("G01"),
        "sequence": sequence,
        "at": when,
        "until": when + timedelta(seconds=180),
        "rows": (row(1, State.FREE, free),),
        "why": (Why(1, "number", {"free": float(free)}),),
        "changed": False,
    }
    return Guidance(**fields | changes)


def a_shown(*texts: str, sequence: int = 1, when: datetime = NOON, **changes: Any) -> Shown:
    """G01 confirms these texts."""
    fields: dict[str, Any] = {"sign": SignId("G01"), "epoch": 1, "sequence": sequence, "at": when, "received_at": when}
    return Shown(**fields | {"rows": texts} | changes)
