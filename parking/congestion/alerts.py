"""Alerts of one area: one for each trouble, never one for each twitch."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from parking.codec import decode, encode
from parking.congestion.condition import Condition
from parking.congestion.life import Life, begin, key_of
from parking.domain.alert import Alert, AlertState
from parking.domain.case import CaseChanged, Stage
from parking.domain.ids import AlertId
from parking.domain.inputs import Acknowledge, Closure, Event, Shelve
from parking.domain.settings import AlertSettings
from parking.domain.town import Town

REMEMBER: Final = timedelta(hours=24)
"""An ended alert still takes an acknowledgement, or rises again under its open case, for so long (merging rule)."""

ENDED_STAGES: Final = (Stage.CLOSED, Stage.VOIDED, Stage.NOT_FILED)

AlertInput: TypeAlias = Acknowledge | Shelve | CaseChanged | Closure | Event


@dataclass(slots=True)
class Memory:
    """Everything that is remembered between ticks."""

    open: dict[str, Life] = field(default_factory=dict)
    """By kind and corridor, in the order they were raised."""
    ended: dict[AlertId, Life] = field(default_factory=dict)
    """In the order they ended."""
    spoken_to: dict[AlertId, bool] = field(default_factory=dict)
    """Ended alerts of which somebody spoke since the last tick; a thousand others then cost nothing."""
    closures: list[Closure] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


class Alerts:
    """Raises, grades, ends and revives alerts."""

    def __init__(self, town: Town, settings: AlertSettings) -> None:
        self._road_of: dict[str, str] = {lot.id: lot.section for lot in town.lots}
        self._settings = settings
        self._memory = Memory()

    def configure(self, settings: AlertSettings) -> None:
        """Use these limits from the next tick on."""
        self._settings = settings

    def take(self, said: AlertInput) -> None:
        """What people said and planned; an alert nobody knows is passed over."""
        if isinstance(said, Closure):
            self._memory.closures.append(said)
        elif isinstance(said, Event):
            self._memory.events.append(said)
        elif said.alert is not None:
            self._hear(said.alert, said)

    def _hear(self, alert: AlertId, said: Acknowledge | Shelve | CaseChanged) -> None:
        memory = self._memory
        life = next((life for life in memory.open.values() if life.alert.id == alert), None)
        if life is None and alert in memory.ended:
            life = memory.ended[alert]
            memory.spoken_to[alert] = True
        if life is not None:
            _put_down(life, said)

    def judge(self, now: datetime, conditions: Sequence[Condition]) -> tuple[Alert, ...]:
        """New versions, oldest alert first."""
        memory = self._memory
        if not (conditions or memory.open or memory.ended):
            return ()
        versions = [*self._hear_of_ended(now)]
        for key, group in _grouped(conditions).items():
            self._feel(now, key, group)
        memory.closures = [closure for closure in memory.closures if closure.ends > now]
        memory.events = [event for event in memory.events if event.ends > now]
        lives = memory.open.values()
        versions += [life.turn(now, self._settings, planned=self._is_planned(now, life)) for life in lives]
        for key in [key for key, life in memory.open.items() if not life.alert.is_open]:
            self._end(memory.open.pop(key))
        return tuple(version for version in versions if version is not None)

    def _hear_of_ended(self, now: datetime) -> Iterator[Alert | None]:
        """Versions of ended alerts of which somebody spoke; the oldest are forgotten."""
        memory = self._memory
        for alert in memory.spoken_to:
            life = memory.ended.pop(alert)
            yield life.turn(now, self._settings, planned=False)
            self._end(life)
        memory.spoken_to = {}
        while memory.ended and _is_long_ago(now, next(iter(memory.ended.values()))):
            del memory.ended[next(iter(memory.ended))]

    def _end(self, life: Life) -> None:
        """Keep it in mind unless nothing more can happen to it."""
        if life.alert.state is not AlertState.CLEARED or life.case_open:
            self._memory.ended[life.alert.id] = life

    def _feel(self, now: datetime, key: str, conditions: Sequence[Condition]) -> None:
        memory = self._memory
        if key in memory.open:
            memory.open[key].feel(now, conditions)
            return
        old = next((life for life in memory.ended.values() if life.key == key and life.case_open), None)
        if old is None:
            memory.open[key] = begin(now, conditions, self._settings)
            return
        old.rise_again(now, conditions, self._settings)
        memory.open[key] = memory.ended.pop(old.alert.id)

    def _is_planned(self, now: datetime, life: Life) -> bool:
        """Whether a closure or event that is on now was expected to do this, to the lot itself or to its road."""
        memory = self._memory
        if not (memory.closures or memory.events):
            return False
        names = {life.alert.subject, *life.members}
        names |= {self._road_of[name] for name in names if name in self._road_of}
        closed = any(closure.begins <= now and closure.subject in names for closure in memory.closures)
        return closed or any(e.begins <= now and not names.isdisjoint(e.subjects) for e in memory.events)

    def open(self) -> tuple[Alert, ...]:
        """Newest versions of all that stand on the board, oldest first."""
        return tuple(life.alert for life in self._memory.open.values())

    def save(self) -> str:
        """Everything remembered, as JSON."""
        return encode(self._memory).decode()

    def load(self, state: str) -> None:
        """Back to what was saved."""
        self._memory = decode(state, Memory)


def _grouped(conditions: Sequence[Condition]) -> dict[str, list[Condition]]:
    groups: dict[str, list[Condition]] = {}
    for condition in conditions:
        groups.setdefault(key_of(condition), []).append(condition)
    return groups


def _put_down(life: Life, said: Acknowledge | Shelve | CaseChanged) -> None:
    if isinstance(said, Acknowledge):
        life.acknowledged_by = life.acknowledged_by or said.actor
    elif isinstance(said, Shelve):
        life.shelved_until = said.until
    else:
        life.case_no, life.case_open = said.no, said.stage not in ENDED_STAGES


def _is_long_ago(now: datetime, life: Life) -> bool:
    return life.alert.cleared_at is None or now - life.alert.cleared_at > REMEMBER
