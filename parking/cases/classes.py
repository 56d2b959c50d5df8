"""Class codes (事件分类) with the version of their table, who disposes of them, and in what time.

Classes 04 and 05 change places between standards, so a case keeps the version it was filed under. There is no
national subclass for congestion: 0687-0690 are local extensions, counted down as such extensions are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from parking.domain.alert import AlertKind
from parking.domain.case import Clock, Limit
from parking.domain.ids import DepartmentId
from parking.domain.roadstate import RoadLevel

CODE_TABLE: Final = "GB30428-04-street-order/1"
"""Version of this table: 04 街面秩序, 05 突发事件, as in current practice."""

TRAFFIC_POLICE: Final = DepartmentId("traffic-police")
PARKING_OPERATOR: Final = DepartmentId("parking-operator")
EQUIPMENT: Final = DepartmentId("equipment")


@dataclass(frozen=True, slots=True)
class CaseClass:
    """One row of the table."""

    code: str
    """Class and subclass, four digits."""
    name: str
    name_en: str
    department: DepartmentId
    limit: Limit
    """Disposal time limit where the severity says nothing else."""
    by_level: Mapping[RoadLevel, Limit] = field(default_factory=dict)

    def limit_for(self, level: RoadLevel | None) -> Limit:
        """The disposal time limit at that severity."""
        return self.limit if level is None else self.by_level.get(level, self.limit)


def urgent(hours: float) -> Limit:
    """So many urgent hours: nights and holidays count."""
    return Limit(hours, Clock.URGENT_HOUR)


CLASSES: Final[Mapping[str, CaseClass]] = MappingProxyType(
    {
        one.code: one
        for one in (
            CaseClass(
                "0690",
                "交通拥堵",
                "Traffic congestion",
                TRAFFIC_POLICE,
                urgent(1.0),
                {
                    RoadLevel.SEVERE: urgent(1.0),
                    RoadLevel.MODERATE: urgent(2.0),
                    RoadLevel.LIGHT: Limit(4.0, Clock.WORK_HOUR),
                },
            ),
            CaseClass("0689", "停车场入口排队溢出", "Lot-entrance queue spillback", TRAFFIC_POLICE, urgent(1.0)),
            CaseClass("0688", "停车场饱和预警", "Lot saturation warning", PARKING_OPERATOR, urgent(2.0)),
            CaseClass(
                "0687", "诱导屏/采集设备故障", "Guidance sign or sensor fault", EQUIPMENT, Limit(1.0, Clock.WORK_DAY)
            ),
            CaseClass("0409", "机动车乱停放", "Illegal motor-vehicle parking", TRAFFIC_POLICE, urgent(2.0)),
        )
    }
)

CLASS_OF: Final[Mapping[AlertKind, CaseClass]] = MappingProxyType(
    {
        AlertKind.JAM: CLASSES["0690"],
        AlertKind.ROAD_CLOSED: CLASSES["0690"],
        AlertKind.LOT_QUEUE: CLASSES["0689"],
        AlertKind.LOT_FILLING: CLASSES["0688"],
        AlertKind.SENSOR_SILENT: CLASSES["0687"],
        AlertKind.SENSOR_WRONG: CLASSES["0687"],
        AlertKind.SIGN_UNCONFIRMED: CLASSES["0687"],
        AlertKind.ILLEGAL_PARKING: CLASSES["0409"],
    }
)


def class_code(county: str, one: CaseClass) -> str:
    """Ten digits: county (6), class (2), subclass (2)."""
    return f"{county}{one.code}"
