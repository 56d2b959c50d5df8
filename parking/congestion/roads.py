"""How every section moves: smoothed speed, level, and UNKNOWN as soon as its loops fall silent."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from math import exp
from typing import Final

from parking.codec import decode, encode
from parking.congestion.levels import at_least, level_of
from parking.domain.device import stale_after
from parking.domain.errors import NotFound
from parking.domain.ids import DeviceId, SectionId
from parking.domain.reading import TrafficReading
from parking.domain.roadstate import RoadLevel, RoadState
from parking.domain.section import Section
from parking.domain.settings import RoadSettings

STANDING_LOOP_SHARE: Final = 0.5
"""A loop that no car has crossed and that is covered half the time has one standing on it."""

NEVER: Final = datetime.max.replace(tzinfo=UTC)


@dataclass(slots=True)
class Memory:
    """What is remembered of one section."""

    section: SectionId
    speed_kmh: float | None = None
    vehicles_per_h: float = 0.0
    heard_at: datetime | None = None
    stale_at: datetime = NEVER
    newest: dict[DeviceId, datetime] = field(default_factory=dict)
    """Time of each device's newest reading: what is older is history only."""
    state: RoadState | None = None


class Roads:
    """All sections. A tick costs nothing until somebody was heard or has been silent for too long."""

    def __init__(self, sections: Sequence[Section], settings: RoadSettings) -> None:
        self._settings = settings
        self._sections = tuple(sections)
        self._index = {section.id: i for i, section in enumerate(sections)}
        self._memories = [Memory(section.id) for section in sections]
        self._heard = set(range(len(sections)))
        self._next_stale_at = NEVER
        self._slow: tuple[RoadState, ...] = ()

    def configure(self, settings: RoadSettings) -> None:
        """Judge every section anew by these limits."""
        self._settings = settings
        self._heard.update(range(len(self._sections)))

    def take(self, reading: TrafficReading) -> None:
        """What a section's loop saw; late readings and sections nobody knows change nothing."""
        i = self._index.get(reading.section)
        if i is None:
            return
        memory = self._memories[i]
        newest = memory.newest.get(reading.device)
        if newest is not None and reading.at <= newest:
            return
        memory.newest[reading.device] = reading.at
        self._smooth(memory, reading, self._sections[i].free_flow_kmh)
        self._heard.add(i)

    def _smooth(self, memory: Memory, reading: TrafficReading, free_flow_kmh: float) -> None:
        speed, flow = _speed(reading, free_flow_kmh), reading.vehicles * 3600 / reading.interval_s
        weight = 1 - exp(-reading.interval_s / self._settings.smoothing_s)
        if memory.speed_kmh is None:
            memory.speed_kmh, memory.vehicles_per_h = speed, flow
        else:
            memory.speed_kmh += weight * (speed - memory.speed_kmh)
            memory.vehicles_per_h += weight * (flow - memory.vehicles_per_h)
        memory.heard_at = max(reading.received_at, memory.heard_at or reading.received_at)
        memory.stale_at = memory.heard_at + stale_after(timedelta(seconds=reading.interval_s))

    def judge(self, now: datetime) -> tuple[RoadState, ...]:
        """Sections whose level is another than on the tick before, in the order of sections."""
        if not self._heard and now <= self._next_stale_at:
            return ()
        for i, memory in enumerate(self._memories):
            if now > memory.stale_at:
                self._memories[i] = Memory(
                    memory.section, heard_at=memory.heard_at, newest=memory.newest, state=memory.state
                )
                self._heard.add(i)
        changed = tuple(state for i in sorted(self._heard) if (state := self._judge_one(i, now)) is not None)
        self._heard.clear()
        self._look_over()
        return changed

    def _judge_one(self, i: int, now: datetime) -> RoadState | None:
        memory, before = self._memories[i], self._memories[i].state
        level = RoadLevel.UNKNOWN
        if memory.speed_kmh is not None:
            ratio = memory.speed_kmh / self._sections[i].free_flow_kmh
            was = before.level if before else RoadLevel.UNKNOWN
            level = level_of(ratio, self._settings.level_ratios, self._settings.dead_band, was)
        speed = None if memory.speed_kmh is None else round(memory.speed_kmh, 1)
        flow = None if memory.speed_kmh is None else round(memory.vehicles_per_h, 1)
        state = RoadState(memory.section, now, level, speed, flow, now, memory.heard_at)
        if before is not None and before.level is level:
            memory.state = replace(state, since=before.since)
            return None
        memory.state = state
        return state

    def state(self, section: SectionId) -> RoadState:
        """The section as judged last. Raises NotFound for a section nobody knows, or before the first tick."""
        i = self._index.get(section)
        state = None if i is None else self._memories[i].state
        if state is None:
            raise NotFound(f"no state of section {section!r}; check the id, or wait for the first tick")
        return state

    def slow(self) -> tuple[RoadState, ...]:
        """Sections that are congested (light or worse), in the order of sections."""
        return self._slow

    def save(self) -> dict[str, list[str]]:
        """Each section's memory as JSON, and who was heard since the last judgement."""
        heard = [str(self._sections[i].id) for i in sorted(self._heard)]
        return {"memories": [encode(memory).decode() for memory in self._memories], "heard": heard}

    def load(self, state: dict[str, list[str]]) -> None:
        """Back to what was saved; sections that are new since then are judged on the next tick."""
        known = {memory.section: memory for memory in (decode(text, Memory) for text in state["memories"])}
        self._memories = [known.get(section.id, Memory(section.id)) for section in self._sections]
        heard = set(state["heard"])
        self._heard = {i for i, m in enumerate(self._memories) if m.section in heard or m.state is None}
        self._look_over()

    def _look_over(self) -> None:
        self._next_stale_at = min((memory.stale_at for memory in self._memories), default=NEVER)
        self._slow = tuple(m.state for m in self._memories if m.state and at_least(m.state.level, RoadLevel.LIGHT))


def _speed(reading: TrafficReading, free_flow_kmh: float) -> float:
    """The speed a reading stands for: an empty loop is a free road, a covered one a standing queue."""
    if reading.vehicles and reading.speed_kmh is not None:
        return float(reading.speed_kmh)
    return 0.0 if reading.loop_occupancy_share >= STANDING_LOOP_SHARE else float(free_flow_kmh)
