"""Stored past of signs, roads and alerts, in lists."""

from collections.abc import Sequence
from datetime import datetime

from parking.domain.alert import Alert
from parking.domain.decisions import Decisions
from parking.domain.guidance import Guidance
from parking.domain.ids import AlertId, SectionId, SignId
from parking.domain.roadstate import RoadState


class MemoryPasts:
    """`Pasts` in lists."""

    def __init__(self) -> None:
        self._guidance: list[Guidance] = []
        self._roads: list[RoadState] = []
        self._alerts: list[Alert] = []

    async def guidance_of(self, sign: SignId, since: datetime, until: datetime) -> Sequence[Guidance]:
        """As `Pasts.guidance_of`."""
        return [one for one in self._guidance if one.sign == sign and since <= one.at < until]

    async def road_changes(self, section: SectionId, since: datetime, until: datetime) -> Sequence[RoadState]:
        """As `Pasts.road_changes`."""
        return [one for one in self._roads if one.section == section and since <= one.at < until]

    async def alert_versions(self, alert: AlertId) -> Sequence[Alert]:
        """As `Pasts.alert_versions`."""
        return [one for one in self._alerts if one.id == alert]

    def note(self, decisions: Decisions) -> None:
        """A tick with these is committed."""
        self._guidance += [one for one in decisions.guidance if one.changed]
        self._roads += decisions.roads
        self._alerts += decisions.alerts
