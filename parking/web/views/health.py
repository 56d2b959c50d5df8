"""How the service itself is doing."""

import msgspec

from parking.flow.present import PartState
from parking.web.run import RunInfo
from parking.web.scene import Scene
from parking.web.views.instant import Instant


class LiveView(msgspec.Struct, frozen=True):
    """The process answers."""

    status: str


class PartView(msgspec.Struct, frozen=True, kw_only=True):
    """One part: broker, database, engine, signs …"""

    name: str
    state: PartState
    needed: bool
    since: Instant | None
    age_s: float | None
    """Street seconds it has been in this state."""
    detail: str


class ReadyView(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the service does its job, part by part."""

    ready: bool
    at: Instant
    tick_age_s: float | None
    """Street seconds since the engine last decided."""
    parts: list[PartView]


def ready_view(scene: Scene, info: RunInfo) -> ReadyView:
    """Ready when every needed part is up; a needed part nobody has spoken of is still starting."""
    views = part_views(scene, info)
    return ReadyView(
        ready=all(part.state is PartState.UP for part in views if part.needed),
        at=scene.at,
        tick_age_s=scene.age_s(scene.present.at),
        parts=views,
    )


def part_views(scene: Scene, info: RunInfo) -> list[PartView]:
    """Needed parts first, in the order they are needed; then the others by name."""
    names = (*info.needs, *sorted(set(scene.present.parts) - set(info.needs)))
    return [part_view(scene, info, name) for name in names]


def part_view(scene: Scene, info: RunInfo, name: str) -> PartView:
    """One part now."""
    part = scene.present.parts.get(name)
    return PartView(
        name=name,
        state=part.state if part else PartState.STARTING,
        needed=name in info.needs,
        since=part.since if part else None,
        age_s=scene.age_s(part.since) if part else None,
        detail=part.detail if part else "",
    )
