"""What signs were told, how roads moved and how alerts went: the port of their stored past."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from parking.domain.alert import Alert
from parking.domain.guidance import Guidance
from parking.domain.ids import AlertId, SectionId, SignId
from parking.domain.roadstate import RoadState


class Pasts(Protocol):
    """Changes of things that have no slots. Raises StoreDown."""

    async def guidance_of(self, sign: SignId, since: datetime, until: datetime) -> Sequence[Guidance]:
        """Guidance in [since, until) whose state words differ from the one before, oldest first."""
        ...

    async def road_changes(self, section: SectionId, since: datetime, until: datetime) -> Sequence[RoadState]:
        """Changes of a section's level in [since, until), oldest first."""
        ...

    async def alert_versions(self, alert: AlertId) -> Sequence[Alert]:
        """Every version of one alert, first to newest; none when there never was such an alert."""
        ...
