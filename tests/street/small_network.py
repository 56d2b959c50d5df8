"""A town of two roads and a few lots, its demand, and the SUMO network that is made of them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from parking.domain.calendar import DayType
from parking.domain.device import DeviceKind
from parking.domain.ids import SectionId
from parking.domain.place import Point
from parking.domain.town import Town
from sim.scenario import Demand, Flow, Place, Reason, Scenario, ThroughHours
from sim.sumo.make import make
from tests.makers import NOON, a_device, a_lot, a_panel, a_section, a_sign, a_town

WEST = Point(109.4500, 31.0172)
METRES_EAST = 1 / (111_195.0 * 0.857)
"""Degrees of longitude in a metre, here."""
ALL_DAY = (1.0,) * 24


def east(metres: float, north: float = 0.0) -> Point:
    """A point so many metres along the road that leads east, and beside it."""
    return Point(WEST.longitude + metres * METRES_EAST, WEST.latitude + north / 111_195.0)


def two_roads(*capacities: int, **of_lots: Any) -> Town:  # noqa: ANN401 -- fields of a lot, as its maker takes them
    """R1 from the west and R2 on to the east, 800 m each. P01 and P02 lie beside R1, further lots beside R2."""
    places = (east(560), east(700), east(1200), east(1400))
    lots = [
        a_lot(f"P0{nth}", capacity, place=place, section=SectionId("R1" if nth <= 2 else "R2"), **of_lots)
        for nth, (capacity, place) in enumerate(zip(capacities, places, strict=False), 1)
    ]
    names = [str(lot.id) for lot in lots]
    sections = (
        a_section("R1", line=(east(0), east(800)), length_m=800.0, next=(SectionId("R2"),)),
        a_section("R2", line=(east(820), east(1620)), length_m=800.0),
    )
    return a_town(
        lots,
        [a_sign("G01", *(a_panel(name, line=line) for line, name in enumerate(names, 1)), place=east(80))],
        sections,
        devices=(
            *(a_device(f"gate-{name}", lots=[name]) for name in names),
            a_device("loop-R1", sections=["R1"]),
            a_device("G01", kind=DeviceKind.SIGN),
        ),
    )


def a_demand(trips: float = 3000.0, stay_min: float = 30.0, patience_min: float = 5.0, through: float = 0.0) -> Demand:
    """Everybody wants to be near P01, comes from the west at any hour, and knows all lots."""
    reason = Reason(stay_min, 0.2, patience_min, 1.0, ALL_DAY)
    return Demand(
        town="testtown",
        one_way=(),
        portals=(place("west", east(0)), place("east", east(1620))),
        destinations=(place("market", east(560, 60)),),
        shuttles=(),
        fees={},
        reasons={"shop": reason},
        flows=(Flow("market", "shop", dict.fromkeys(DayType, trips), {"west": 1.0}),),
        through={"R1": through, "R2": through},
        through_hours=ThroughHours(ALL_DAY, ALL_DAY),
    )


def place(name: str, where: Point) -> Place:
    """A named place of a demand."""
    return Place(name, (where.longitude, where.latitude))


def a_scenario(compliance: float = 0.6, **changes: Any) -> Scenario:  # noqa: ANN401 -- fields of a scenario
    """An hour from noon on."""
    fields: Mapping[str, Any] = {"warm_up_h": 0.0, "hours": 1.0} | changes
    return Scenario("small", "小路网", "A small network", "small", NOON, compliance=compliance, **fields)


def a_network(folder: Path, town: Town, demand: Demand) -> Path:
    """The folder, with a network of that town in it."""
    make(town, demand, folder)
    return folder
