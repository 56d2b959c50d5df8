"""Write a town as the folder that `load` reads: for cities that were built, and for whoever begins with one of them."""

import csv
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Final, TypeAlias

from parking.domain.calendar import Calendar
from parking.domain.device import Device
from parking.domain.lot import Lot
from parking.domain.place import Point
from parking.domain.section import Section
from parking.domain.sign import Panel, Sign
from parking.domain.town import Town
from parking.towns.ground import COMMUNITY_DIGITS

Value: TypeAlias = "str | float | date | Sequence[Value] | Mapping[str, Value]"
Table: TypeAlias = Mapping[str, Value]

MARGIN: Final = 0.01
"""Degrees around everything, for the box in which a town's places must lie."""
DAY: Final = timedelta(days=1)


def write_town(town: Town, folder: Path) -> None:
    """Write every file of the town, and a schematic map; what was there under these names is replaced."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in _files(town):
        (folder / name).write_text(text, encoding="utf-8")


def _files(town: Town) -> Iterable[tuple[str, str]]:
    yield (
        "town.toml",
        _head(town) + _tables("area", ({"id": a.id, "name": a.name, "name_en": a.name_en} for a in town.areas)),
    )
    yield "lots.toml", _tables("lot", map(_lot, town.lots))
    yield "signs.toml", _tables("sign", map(_sign, town.signs))
    yield "sections.toml", _tables("section", map(_section, town.sections))
    yield "devices.toml", _tables("device", map(_device, town.devices))
    yield "calendar.toml", _tables("holiday", _holidays(town.calendar))
    yield "duty.toml", _duty(town)
    communities = {cell.code[:COMMUNITY_DIGITS]: (cell.street, cell.community) for cell in town.cells}
    rows = [(code, street, community, "built") for code, (street, community) in communities.items()]
    yield "communities.csv", _csv(("code", "street", "community", "origin"), rows)
    cells = [(one.code, one.place.longitude, one.place.latitude) for one in town.cells]
    yield "cells.csv", _csv(("code", "longitude", "latitude"), cells)
    cameras = [(one.id, one.section, one.place.longitude, one.place.latitude) for one in town.cameras]
    yield "cameras.csv", _csv(("id", "section", "longitude", "latitude"), cameras)
    yield "basemap.geojson", schematic(town)


def schematic(town: Town) -> str:
    """A map of the sections alone, GeoJSON."""
    features = [
        {
            "type": "Feature",
            "properties": {"kind": "road", "section": one.id, "name": one.name, "name_en": one.name_en},
            "geometry": {"type": "LineString", "coordinates": [_point(point) for point in one.line]},
        }
        for one in town.sections
    ]
    note = "示意底图，由路段生成，WGS-84。 Schematic, drawn from the sections; WGS-84."
    whole = {"type": "FeatureCollection", "name": f"{town.id}-basemap", "note": note, "features": features}
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _head(town: Town) -> str:
    places = [
        *(one.place for one in town.lots),
        *(one.place for one in town.signs),
        *(one.place for one in town.cells),
        *(one.place for one in town.cameras),
        *(point for one in town.sections for point in one.line),
    ]
    box = {
        "west": min(one.longitude for one in places) - MARGIN,
        "east": max(one.longitude for one in places) + MARGIN,
        "south": min(one.latitude for one in places) - MARGIN,
        "north": max(one.latitude for one in places) + MARGIN,
    }
    head: Table = {
        "id": town.id,
        "name": town.name,
        "name_en": town.name_en,
        "county": town.county,
        "timezone": town.calendar.timezone.key,
        "note": town.note,
    }
    return f"{_pairs(head)}\n[box]\n{_pairs(box)}\n"


def _lot(lot: Lot) -> Table:
    table: dict[str, Value] = {
        **_names(lot),
        "kind": lot.kind,
        "bays": {str(name): count for name, count in lot.bays.items()},
        "place": _point(lot.place),
        "cell": lot.cell,
        "area": lot.area,
        "section": lot.section,
        "queue_room": lot.queue_room,
    }
    if lot.hours is not None:
        table["hours"] = {"opens": lot.hours.opens.isoformat(), "closes": lot.hours.closes.isoformat()}
    if lot.price:
        table["price"] = lot.price
    if lot.height_m is not None:
        table["height_m"] = lot.height_m
    return table


def _sign(sign: Sign) -> Table:
    return {
        **_names(sign),
        "level": sign.level,
        "place": _point(sign.place),
        "heading_deg": sign.heading_deg,
        "section": sign.section,
        "driver": sign.driver,
        "panels": [_panel(one) for one in sign.panels],
    }


def _panel(panel: Panel) -> Table:
    table: dict[str, Value] = {
        "line": panel.line,
        "name": panel.name,
        "name_en": panel.name_en,
        "arrow": panel.arrow,
        "lots": panel.lots,
        "travel_s": panel.travel_s,
    }
    return table if panel.area is None else table | {"area": panel.area}


def _section(section: Section) -> Table:
    return {
        **_names(section),
        "road_class": section.road_class,
        "length_m": section.length_m,
        "limit_kmh": section.limit_kmh,
        "free_flow_kmh": section.free_flow_kmh,
        "lanes": section.lanes,
        "corridor": section.corridor,
        "cell": section.cell,
        "next": section.next,
        "line": [_point(one) for one in section.line],
    }


def _device(device: Device) -> Table:
    table: dict[str, Value] = {"id": device.id, "kind": device.kind, "period_s": device.period.total_seconds()}
    for name, subjects in (("lots", device.lots), ("sections", device.sections)):
        if subjects:
            table[name] = sorted(subjects)
    if device.installed is not None:
        installed = asdict(device.installed)
        table |= {name: value for name, value in installed.items() if value not in ("", None)}
    return table


def _duty(town: Town) -> str:
    departments = ({"id": one.id, "name": one.name, "name_en": one.name_en} for one in town.departments)
    posts = (
        {
            "id": one.id,
            "kind": one.kind,
            "title": one.title,
            "title_en": one.title_en,
            "department": one.department,
            "sections": sorted(one.sections),
            "cells": one.cells,
        }
        for one in town.posts
    )
    return _tables("department", departments) + _tables("post", posts)


def _holidays(calendar: Calendar) -> Iterable[Table]:
    """Days in a row with one name are one holiday; a make-up day stands with the holiday it lies nearest to."""
    runs: list[list[date]] = []
    for day in sorted(calendar.holidays):
        known = runs and day - runs[-1][-1] == DAY and calendar.holidays[day] == calendar.holidays[runs[-1][-1]]
        if known:
            runs[-1].append(day)
        else:
            runs.append([day])
    worked: dict[int, list[date]] = defaultdict(list)
    for day in sorted(calendar.make_up_days):
        nearest = min(range(len(runs)), key=lambda nth: min(abs(day - one) for one in runs[nth]))
        worked[nearest].append(day)
    for nth, days in enumerate(runs):
        yield {"name": calendar.holidays[days[0]], "first": days[0], "last": days[-1], "worked": worked[nth]}


def _names(one: Lot | Sign | Section) -> dict[str, Value]:
    return {"id": one.id, "name": one.name, "name_en": one.name_en}


def _point(point: Point) -> tuple[float, float]:
    return point.longitude, point.latitude


def _tables(kind: str, tables: Iterable[Table]) -> str:
    return "".join(f"[[{kind}]]\n{_pairs(table)}\n" for table in tables)


def _pairs(table: Table) -> str:
    return "".join(f"{key} = {_toml(value)}\n" for key, value in table.items())


def _toml(value: Value) -> str:
    """A value as TOML has it; its texts are JSON's."""
    if isinstance(value, str):
        return json.dumps(str(value), ensure_ascii=False)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + " }"
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(_toml, value)) + "]"
    return repr(value)


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([head, *rows])
    return out.getvalue()
