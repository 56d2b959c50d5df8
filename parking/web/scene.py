"""The present at one instant of street time: what views are made from."""

from dataclasses import dataclass
from datetime import datetime

from parking.domain.settings import Settings
from parking.domain.town import Town
from parking.flow.present import Present


@dataclass(frozen=True, slots=True)
class Scene:
    """Present, the street's clock as read once, and the thresholds words depend on."""

    present: Present
    at: datetime
    settings: Settings

    @property
    def town(self) -> Town:
        """The ground it plays on."""
        return self.present.town

    def age_s(self, then: datetime | None) -> float | None:
        """Street seconds since `then`, never below 0; None when there was no then."""
        return None if then is None else max(0.0, round((self.at - then).total_seconds(), 1))
