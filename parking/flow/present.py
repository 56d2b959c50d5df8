"""The present, as people may ask for it: the newest of everything, and who wants to hear of changes.

Kept by the decide loop, read by pages and the API. It never queues: a slow listener asks again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from parking.domain.alert import Alert
from parking.domain.case import Case
from parking.domain.decisions import Decisions
from parking.domain.forecast import Forecast
from parking.domain.guidance import Guidance, Shown
from parking.domain.ids import AlertId, CaseNo, LotId, SectionId, SignId
from parking.domain.lotstate import LotState
from parking.domain.roadstate import RoadState
from parking.domain.town import Town


class What(StrEnum):
    """Kinds of change a listener hears of; also the names of stream events."""

    LOT = "lot"
    ROAD = "road"
    SIGN = "sign"
    ALERT = "alert"
    CASE = "case"
    CLOCK = "clock"
    HEALTH = "health"


@dataclass(frozen=True, slots=True)
class Change:
    """Something of this kind and id is new; its value is to be read from the present."""

    what: What
    id: str


class PartState(StrEnum):
    """How a part of the service is doing."""

    STARTING = "starting"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the service: broker, database, engine, signs …"""

    name: str
    state: PartState
    since: datetime
    detail: str = ""


Listener = Callable[[Change], None]


class Present:
    """The newest of everything, by id. Single-threaded: lives in the event loop."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.at: datetime | None = None
        """Street time of the last tick."""
        self.lots: dict[LotId, LotState] = {}
        self.forecasts: dict[LotId, Forecast] = {}
        self.roads: dict[SectionId, RoadState] = {}
        self.wanted: dict[SignId, Guidance] = {}
        self.shown: dict[SignId, Shown] = {}
        self.alerts: dict[AlertId, Alert] = {}
        """Open ones, and those that ended since the start."""
        self.cases: dict[CaseNo, Case] = {}
        """Open ones, and those that ended since the start."""
        self.parts: dict[str, Part] = {}
        self.heard: dict[str, datetime] = {}
        """When a source of each lot or section last gave proof of life, also where nothing changed by it."""
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` on each change until the returned function is called. It must not block."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def apply(self, decisions: Decisions, cases: tuple[Case, ...] = ()) -> None:
        """Take over what a committed tick decided."""
        self.at = decisions.at
        for state in decisions.lots:
            self.lots[state.lot] = state
            self._tell(What.LOT, state.lot)
        for seen in decisions.slot:
            if (known := self.lots.get(seen.lot)) is not None:
                self.lots[seen.lot] = LotState(seen, known.state)
                self._tell(What.LOT, seen.lot)
        for forecast in decisions.forecasts:
            self.forecasts[forecast.lot] = forecast
            self._tell(What.LOT, forecast.lot)
        for road in decisions.roads:
            self.roads[road.section] = road
            self._tell(What.ROAD, road.section)
        for guidance in decisions.guidance:
            self.wanted[guidance.sign] = guidance
            self._tell(What.SIGN, guidance.sign)
        for alert in decisions.alerts:
            self.alerts[alert.id] = alert
            self._tell(What.ALERT, alert.id)
        for case in cases:
            self.put_case(case)
        self._tell(What.CLOCK, "")

    def confirm(self, shown: Shown) -> None:
        """A sign has said what it shows."""
        self.shown[shown.sign] = shown
        self._tell(What.SIGN, shown.sign)

    def hear(self, heard: Mapping[LotId, datetime]) -> None:
        """Sources of these lots have given proof of life; told with the next clock."""
        self.heard.update((str(lot), at) for lot, at in heard.items())

    def put_case(self, case: Case) -> None:
        """A case is new or has a new step."""
        self.cases[case.no] = case
        self._tell(What.CASE, case.no)

    def put_part(self, part: Part) -> None:
        """A part of the service is doing so; told when state or detail changes; `since` goes with the state."""
        before = self.parts.get(part.name)
        if before is not None and before.state is part.state:
            if before.detail == part.detail:
                return
            part = replace(part, since=before.since)
        self.parts[part.name] = part
        self._tell(What.HEALTH, part.name)

    def _tell(self, what: What, name: str) -> None:
        for listener in tuple(self._listeners):
            listener(Change(what, name))
