"""A town made from a recording: its lots, a device each, and signs, so that the same engine can be turned over it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from forecast.calendars import get_calendar
from parking.domain.calendar import Calendar
from parking.domain.device import Device, DeviceKind
from parking.domain.duty import Department, Post, PostKind
from parking.domain.errors import BadReading
from parking.domain.ids import AreaId, CellCode, DepartmentId, DeviceId, LotId, PostId, SectionId, SignId
from parking.domain.lot import BayClass, Lot, LotKind
from parking.domain.place import Point
from parking.domain.section import Cell
from parking.domain.sign import Arrow, Level, Panel, Sign
from parking.domain.town import Area, Town

BERLIN: Final = ZoneInfo("Europe/Berlin")

CITIES: Final = {
    "DE-BW": "freiburg heidelberg heilbronn karlsruhe konstanz mannheim pforzheim reutlingen stuttgart tuebingen ulm",
    "DE-BY": "augsburg bamberg erlangen fuerth ingolstadt muenchen nuernberg passau regensburg rosenheim wuerzburg",
    "DE-BE": "berlin",
    "DE-HB": "bremen",
    "DE-HE": "darmstadt frankfurt fulda giessen hanau kassel limburg marburg offenbach wiesbaden",
    "DE-HH": "hamburg",
    "DE-NI": "braunschweig goettingen hannover hildesheim oldenburg osnabrueck wolfsburg",
    "DE-NW": "aachen bielefeld bochum bonn dortmund duesseldorf duisburg essen koeln krefeld moenchengladbach muenster"
    " paderborn wuppertal",
    "DE-RP": "kaiserslautern koblenz ludwigshafen mainz trier",
    "DE-SH": "flensburg kiel luebeck",
    "DE-SL": "saarbruecken",
    "DE-SN": "chemnitz dresden leipzig",
    "DE-ST": "halle magdeburg",
    "DE-TH": "apolda erfurt jena weimar",
    "GB-ENG": "birmingham",
}
"""Cities by the region whose holidays they keep."""

REGION_OF: Final = {city: region for region, cities in CITIES.items() for city in cities.split()}
NOWHERE: Final = Point(0.0, 0.0)
AREA: Final = AreaId("recorded")
NO_CELL: Final = CellCode("0" * 15)
NO_SECTION: Final = SectionId("")
LOTS_A_SIGN: Final = 5
TRAVEL_S: Final = 240.0
CONTROLLER_PERIOD: Final = timedelta(seconds=60)
"""Signs repeat what they show at least so often (docs/wire.md)."""
NOTE: Final = (
    "Made from a recording: capacities are the file's; places, sections and signs are unknown. Every place is 0, 0, "
    "each sign of up to five lots stands 240 s away, only so that its changes can be counted."
)


@dataclass(frozen=True, slots=True)
class Series:
    """One lot of the file."""

    index: int
    name: str
    city: str
    capacity: int
    written_capacity: str
    """As its first row spells it: equal text needs no second look."""

    @classmethod
    def first(cls, index: int, name: str, city: str, capacity: int) -> "Series":
        """The series as its first good row introduces it."""
        if not name:
            raise ValueError("no series_id; name the lot or delete the row")
        return cls(index, name, city, capacity, str(capacity))

    @property
    def lot(self) -> LotId:
        """The name as an id that may stand in a topic."""
        return LotId("".join(c if c.isascii() and (c.isalnum() or c in "_-.") else "." for c in self.name))


def device_of(lot: LotId) -> DeviceId:
    """The device that speaks for a recorded lot."""
    return DeviceId(f"rec-{lot}")


def town_of(file: Path, series: Sequence[Series], periods_s: Sequence[float], timezone: ZoneInfo | None) -> Town:
    """The town of these series, in their order.

    Args:
        file: named in errors.
        series: one a lot.
        periods_s: reporting period of each, in seconds.
        timezone: overrides what is known of the cities.

    Raises:
        BadReading: two series would get the same id, or nobody knows the town's clock.
    """
    calendar = _calendar(file, sorted({one.city for one in series}), timezone)
    lots = tuple(_lot(one) for one in series)
    if len({lot.id for lot in lots}) < len(lots):
        raise BadReading(f"{file}: two series_id differ only in letters an id may not have; rename one of them")
    signs = tuple(_sign(n, lots[i : i + LOTS_A_SIGN]) for n, i in enumerate(range(0, len(lots), LOTS_A_SIGN), 1))
    city = " + ".join(sorted({one.city for one in series}))
    department = Department(DepartmentId("recorded"), "记录回放", "Recording")
    return Town(
        id="recorded",
        name=city,
        name_en=city,
        county="000000",
        areas=(Area(AREA, city, city),),
        lots=lots,
        signs=signs,
        sections=(),
        devices=(
            *(
                Device(device_of(lot.id), DeviceKind.BARRIER_SYSTEM, timedelta(seconds=period_s), frozenset({lot.id}))
                for lot, period_s in zip(lots, periods_s, strict=True)
            ),
            *(Device(DeviceId(sign.id), DeviceKind.SIGN, CONTROLLER_PERIOD) for sign in signs),
        ),
        cells=(Cell(NO_CELL, "", "", NOWHERE),),
        cameras=(),
        departments=(department,),
        posts=(Post(PostId("recorded"), PostKind.SHIFT_LEADER, "值班", "Duty officer", department.id),),
        calendar=calendar,
        note=NOTE,
    )


def _lot(one: Series) -> Lot:
    name = one.name.rsplit("/", 1)[-1]
    bays = {BayClass.GENERAL: one.capacity}
    return Lot(one.lot, name, name, LotKind.OFF_STREET, bays, NOWHERE, NO_CELL, AREA, NO_SECTION, queue_room=0)


def _sign(n: int, lots: Sequence[Lot]) -> Sign:
    panels = tuple(
        Panel(line, lot.name, lot.name_en, Arrow.AHEAD, (lot.id,), TRAVEL_S) for line, lot in enumerate(lots, 1)
    )
    # Not `rec-`: a recorded lot may be called 1.
    return Sign(SignId(f"sign-{n}"), f"回放 {n}", f"Recorded {n}", Level.BLOCK, NOWHERE, 0.0, NO_SECTION, panels)


def _calendar(file: Path, cities: Sequence[str], timezone: ZoneInfo | None) -> Calendar:
    regions = {REGION_OF.get(_plain(city), "") for city in cities}
    zones = {ZoneInfo("Europe/London") if region == "GB-ENG" else BERLIN for region in regions if region}
    if timezone is not None:
        zones = {timezone}
    elif "" in regions or len(zones) != 1:
        raise BadReading(f"{file}: which clock do {', '.join(cities)} keep? Give the time zone, such as Europe/Berlin")
    zone = zones.pop()
    known = sorted(region for region in regions if region)
    # Several regions in one file: the first one's holidays; none known: every day is an ordinary one.
    return get_calendar(known[0], zone) if known else Calendar(zone)


def _plain(city: str) -> str:
    plain = city.strip().casefold()
    for letter, spelt in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        plain = plain.replace(letter, spelt)
    return plain
