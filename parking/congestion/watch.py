"""What asks for a person on this tick: jams, queues, lots about to fill, silent devices, signs without proof."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from parking.congestion import faults
from parking.congestion.condition import Condition
from parking.congestion.filling import Filling, list_filling
from parking.congestion.queues import Queue, Queues
from parking.congestion.roads import Roads
from parking.domain.alert import AlertKind
from parking.domain.forecast import Forecast
from parking.domain.guidance import STATES, State, Unconfirmed
from parking.domain.ids import LotId, SectionId
from parking.domain.roadstate import ROAD_LEVELS, RoadLevel, RoadState
from parking.domain.settings import Settings
from parking.domain.town import Town

CYCLE_S: Final = 60.0
"""Length of the cycles that on- and off-delays of jams are counted in."""

FULL: Final = STATES.index(State.FULL)

I64 = NDArray[np.int64]
I8 = NDArray[np.int8]
K = TypeVar("K", bound=str)


class Watch:
    """Remembers since when, so that a moment's trouble is no condition."""

    def __init__(self, town: Town, settings: Settings) -> None:
        self._town = town
        self._settings = settings
        self._lot = {lot.id: i for i, lot in enumerate(town.lots)}
        self._light_since: dict[SectionId, datetime] = {}
        self._severe_since: dict[SectionId, datetime] = {}
        self._queue_since: dict[LotId, datetime] = {}
        self._standing: dict[str, datetime] = {}
        """Jams and queues that have counted, and when they did last: it counts at once while that is recent."""
        self._forecasts: Mapping[LotId, Forecast] | None = None
        self._filling: tuple[Filling, ...] = ()

    def configure(self, settings: Settings) -> None:
        """Use these limits from the next tick on."""
        self._settings = settings
        self._forecasts = None

    def conditions(
        self,
        now: datetime,
        *,
        roads: Roads,
        queues: Queues,
        free: I64,
        states: I8,
        forecasts: Mapping[LotId, Forecast],
        silences: Sequence[faults.Silence] = (),
        wrong: Sequence[faults.Wrong] = (),
        unconfirmed: Sequence[Unconfirmed] = (),
    ) -> tuple[Condition, ...]:
        """Everything that is wrong now; `free` and `states` are columns (L,) in the order of lots.

        `forecasts` is looked through again only when it is another mapping than on the tick before.
        """
        return (
            *self._jams(now, roads.slow()),
            *self._queues(now, queues, free, states),
            *self._about_to_fill(now, free, states, forecasts),
            *faults.silent_devices(self._town, silences, now),
            *faults.wrong_devices(self._town, wrong, now),
            *faults.unproven_signs(self._town, unconfirmed, now, self._settings.alerts.sign_confirm_s),
        )

    def _jams(self, now: datetime, slow: Sequence[RoadState]) -> Iterator[Condition]:
        severe = [state.section for state in slow if state.level is RoadLevel.SEVERE]
        self._light_since = _kept(self._light_since, (state.section for state in slow), now)
        self._severe_since = _kept(self._severe_since, severe, now)
        light_cycles, severe_cycles = self._settings.roads.on_cycles
        for state in slow:
            lasts = _lasts(self._light_since, state.section, now, light_cycles * CYCLE_S)
            lasts = lasts or _lasts(self._severe_since, state.section, now, severe_cycles * CYCLE_S)
            if self._counts(f"jam|{state.section}", now, self._settings.roads.off_cycles * CYCLE_S, lasts=lasts):
                yield self._jam(state)

    def _counts(self, key: str, now: datetime, off_delay_s: float, *, lasts: bool) -> bool:
        """Whether trouble has lasted, or is back before its alert has ended."""
        recent = key in self._standing and now - self._standing[key] <= timedelta(seconds=off_delay_s)
        if lasts or recent:
            self._standing[key] = now
        return lasts or recent

    def _jam(self, state: RoadState) -> Condition:
        section = self._town.get_section(state.section)
        speed = state.speed_kmh or 0.0
        evidence = {
            "speed_kmh": speed,
            "free_flow_kmh": float(section.free_flow_kmh),
            "ratio": round(speed / section.free_flow_kmh, 3),
            "level": float(ROAD_LEVELS.index(state.level)),
        }
        return Condition(
            AlertKind.JAM,
            section.id,
            section.corridor,
            section.middle,
            section.cell,
            since=self._light_since[section.id],
            reason=f"jam_{state.level}",
            evidence=evidence,
            level=state.level,
            off_delay_s=self._settings.roads.off_cycles * CYCLE_S,
        )

    def _queues(self, now: datetime, queues: Queues, free: I64, states: I8) -> Iterator[Condition]:
        found = queues.overflowing(now, self._settings.alerts.metres_per_car)
        self._queue_since = _kept(self._queue_since, (queue.lot.id for queue in found), now)
        for queue in found:
            lasts = _lasts(self._queue_since, queue.lot.id, now, self._settings.alerts.queue_on_delay_s)
            if self._counts(f"queue|{queue.lot.id}", now, self._settings.alerts.off_delay_s, lasts=lasts):
                i = self._lot[queue.lot.id]
                yield self._queue(queue, int(free[i]), full=bool(states[i] == FULL))

    def _queue(self, queue: Queue, free: int, *, full: bool) -> Condition:
        lot = queue.lot
        evidence = {
            "queue_vehicles": round(queue.vehicles, 1),
            "queue_m": round(queue.metres, 1),
            "queue_room": float(lot.queue_room),
            "capacity": float(lot.capacity),
        }
        return Condition(
            AlertKind.LOT_QUEUE,
            lot.id,
            lot.id,
            lot.place,
            lot.cell,
            since=self._queue_since[lot.id],
            reason="full_with_queue" if full else "queue_at_entrance",
            evidence=evidence if free < 0 else evidence | {"free": float(free)},
            queue_m=queue.metres,
        )

    def _about_to_fill(
        self, now: datetime, free: I64, states: I8, forecasts: Mapping[LotId, Forecast]
    ) -> Iterator[Condition]:
        """Lots that still take cars and soon will not; one that is full is no warning any more."""
        if forecasts is not self._forecasts:
            self._forecasts = forecasts
            self._filling = list_filling(forecasts.values(), self._town, self._settings.alerts)
        for filling in self._filling:
            if states[filling.index] < FULL:
                yield filling.condition(now, int(free[filling.index]))

    def save(self) -> dict[str, dict[str, str]]:
        """Since when, by section and lot, as RFC 3339."""
        return {
            "light": _as_text(self._light_since),
            "severe": _as_text(self._severe_since),
            "queue": _as_text(self._queue_since),
            "standing": _as_text(self._standing),
        }

    def load(self, state: dict[str, dict[str, str]]) -> None:
        """Back to what was saved; forecasts are looked through again."""
        self._light_since = {SectionId(key): datetime.fromisoformat(at) for key, at in state["light"].items()}
        self._severe_since = {SectionId(key): datetime.fromisoformat(at) for key, at in state["severe"].items()}
        self._queue_since = {LotId(key): datetime.fromisoformat(at) for key, at in state["queue"].items()}
        self._standing = {key: datetime.fromisoformat(at) for key, at in state["standing"].items()}
        self._forecasts = None


def _kept(since: Mapping[K, datetime], now_true: Iterable[K], now: datetime) -> dict[K, datetime]:
    """Since when each of these has been true without a break."""
    return {key: since.get(key, now) for key in now_true}


def _lasts(since: Mapping[K, datetime], key: K, now: datetime, least_s: float) -> bool:
    return key in since and now - since[key] >= timedelta(seconds=least_s)


def _as_text(since: Mapping[K, datetime]) -> dict[str, str]:
    return {str(key): at.isoformat() for key, at in since.items()}
