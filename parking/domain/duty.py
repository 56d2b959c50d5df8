"""Who answers for what: departments and the posts of the six chiefs (六长制)."""

from dataclasses import dataclass
from enum import StrEnum

from parking.domain.ids import CellCode, DepartmentId, PostId, SectionId


class PostKind(StrEnum):
    """The six chiefs and the posts behind them."""

    STREET_CHIEF = "street_chief"
    ROAD_CHIEF = "road_chief"
    LANE_CHIEF = "lane_chief"
    GROUP_CHIEF = "group_chief"
    BUILDING_CHIEF = "building_chief"
    SHOP_CHIEF = "shop_chief"
    SHIFT_LEADER = "shift_leader"
    CENTRE_DIRECTOR = "centre_director"
    AREA_LEADER = "area_leader"
    PAIRED_UNIT = "paired_unit"


@dataclass(frozen=True, slots=True)
class Department:
    """A responsible department (专业部门)."""

    id: DepartmentId
    name: str
    name_en: str


@dataclass(frozen=True, slots=True)
class Post:
    """One post of the roster: what it answers for. Prefixes of cell codes cover a street or community."""

    id: PostId
    kind: PostKind
    title: str
    title_en: str
    department: DepartmentId
    sections: frozenset[SectionId] = frozenset()
    cells: tuple[CellCode, ...] = ()
    """Cell codes or prefixes of them; empty with no sections means the whole county."""
