"""What somebody who stands there sees: the truth of the street, never what sensors say of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Final

from parking.domain.alert import DEVICE_KINDS, AlertKind
from parking.domain.town import Town
from sim.episodes import SLOW_SHARE
from sim.hardware import Hardware
from sim.scenario import IncidentKind
from sim.street import Street


@dataclass(frozen=True, slots=True)
class Scene:
    """Where people act."""

    street: Street
    hardware: Hardware[Street]


NOBODY_SAW: Final = -inf


class Eyes:
    """Sees, and remembers when something was wrong last."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._lots = {str(lot.id): nth for nth, lot in enumerate(town.lots)}
        self._sections = {str(section.id): nth for nth, section in enumerate(town.sections)}
        corridors: dict[str, list[str]] = defaultdict(list)
        for section in town.sections:
            corridors[section.corridor].append(str(section.id))
        self._corridor: Mapping[str, Sequence[str]] = {
            str(section.id): corridors[section.corridor] for section in town.sections
        }
        self._slow_at = [NOBODY_SAW] * len(town.sections)
        self._closed_at = [NOBODY_SAW] * len(town.sections)
        self._queue_at = [NOBODY_SAW] * len(town.lots)

    def look(self, scene: Scene, at: int) -> None:
        """Everything at this instant."""
        traffic = scene.street.traffic
        for nth, (section, speed) in enumerate(zip(self._town.sections, traffic.speed_kmh, strict=True)):
            if speed < SLOW_SHARE * section.limit_kmh:
                self._slow_at[nth] = at
        for nth, closed in enumerate(traffic.closed):
            if closed:
                self._closed_at[nth] = at
        for nth, park in enumerate(scene.street.carparks):
            if park.waiting > park.lot.queue_room:
                self._queue_at[nth] = at

    def last(self, kind: AlertKind, subject: str) -> float:
        """When it was so last, seconds since 1970; a jam anywhere on its corridor."""
        if kind in (AlertKind.JAM, AlertKind.ROAD_CLOSED):
            at = self._slow_at if kind is AlertKind.JAM else self._closed_at
            return max(at[self._sections[one]] for one in self.corridor(subject))
        return self._queue_at[self._lots[subject]]

    def sees(self, scene: Scene, kind: AlertKind, subject: str, at: int) -> bool:
        """Whether it is so now."""
        if kind in DEVICE_KINDS:
            return scene.hardware.is_broken(subject, at)
        if kind is AlertKind.ILLEGAL_PARKING:
            return IncidentKind.ILLEGAL_PARKING in self.standing(scene, subject)
        if kind is AlertKind.LOT_FILLING:
            return not scene.street.carparks[self._lots[subject]].has_room
        return self.last(kind, subject) >= at

    def standing(self, scene: Scene, section: str) -> Sequence[IncidentKind]:
        """What people on that section could clear away."""
        if section not in self._sections:
            return ()
        return [one.kind for one in scene.street.on(section) if one.kind is not None and one.can_be_cleared]

    def blocked_until(self, scene: Scene, section: str) -> float | None:
        """When what closes it, and nobody there can clear, will be over; None when nothing such is there."""
        ends = [one.ends for one in scene.street.on(section) if one.lost >= 1 and not one.can_be_cleared]
        return max(ends, default=None)

    def corridor(self, section: str) -> Sequence[str]:
        """The sections that share one alert with it."""
        return self._corridor.get(section, ())

    def queues_on(self, sections: Sequence[str], at: int) -> Sequence[str]:
        """Lots whose queue stands on one of these now."""
        return [
            str(lot.id)
            for lot, seen in zip(self._town.lots, self._queue_at, strict=True)
            if seen >= at and lot.section in sections
        ]
