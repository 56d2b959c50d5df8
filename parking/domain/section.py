"""A road section (路段) as loops and officers see it."""

from dataclasses import dataclass
from enum import StrEnum

from parking.domain.ids import CameraId, CellCode, SectionId
from parking.domain.place import Point


class RoadClass(StrEnum):
    """Class of road; it picks the row of the level table."""

    EXPRESSWAY = "expressway"
    ARTERIAL = "arterial"
    COLLECTOR = "collector"
    LOCAL = "local"


@dataclass(frozen=True, slots=True)
class Section:
    """One direction of a road between two junctions, and the sections its traffic goes on to."""

    id: SectionId
    name: str
    name_en: str
    road_class: RoadClass
    length_m: float
    limit_kmh: float
    free_flow_kmh: float
    lanes: int
    line: tuple[Point, ...]
    cell: CellCode
    corridor: str
    """Sections of one corridor share one alert."""
    next: tuple[SectionId, ...] = ()

    @property
    def middle(self) -> Point:
        """A point on the section to name it by."""
        return self.line[len(self.line) // 2]


@dataclass(frozen=True, slots=True)
class Camera:
    """A group of cameras whose picture a person may look at; only its reference is kept."""

    id: CameraId
    section: SectionId
    place: Point


@dataclass(frozen=True, slots=True)
class Cell:
    """A unit grid cell (单元网格), about 100 m × 100 m, inside one community."""

    code: CellCode
    community: str
    street: str
    place: Point
    """Its middle."""
