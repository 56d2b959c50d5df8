"""A road section as the API tells it."""

import msgspec

from parking.domain.roadstate import RoadLevel
from parking.domain.section import RoadClass, Section
from parking.web.scene import Scene
from parking.web.views.instant import Instant


class SectionView(msgspec.Struct, frozen=True, kw_only=True):
    """The newest of one section."""

    id: str
    name: str
    name_en: str
    road_class: RoadClass
    corridor: str
    level: RoadLevel
    speed_kmh: float | None
    free_flow_kmh: float
    vehicles_per_h: float | None
    since: Instant | None
    """When this level began."""
    heard_at: Instant | None
    age_s: float | None


class SectionList(msgspec.Struct, frozen=True):
    """Sections in the town's order."""

    at: Instant
    items: list[SectionView]


def section_view(scene: Scene, section: Section) -> SectionView:
    """The section now; unknown until the engine has spoken of it."""
    road = scene.present.roads.get(section.id)
    times = [scene.present.heard.get(section.id), road.heard_at if road else None]
    heard = max((time for time in times if time is not None), default=None)
    return SectionView(
        id=section.id,
        name=section.name,
        name_en=section.name_en,
        road_class=section.road_class,
        corridor=section.corridor,
        level=road.level if road else RoadLevel.UNKNOWN,
        speed_kmh=road.speed_kmh if road else None,
        free_flow_kmh=section.free_flow_kmh,
        vehicles_per_h=road.vehicles_per_h if road else None,
        since=road.since if road else None,
        heard_at=heard,
        age_s=scene.age_s(heard),
    )
