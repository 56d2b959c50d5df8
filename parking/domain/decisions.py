"""What the engine decided on one tick."""

from dataclasses import dataclass
from datetime import datetime

from parking.domain.alert import Alert
from parking.domain.forecast import Forecast
from parking.domain.guidance import Guidance
from parking.domain.lotstate import LotState
from parking.domain.occupancy import Occupancy
from parking.domain.roadstate import RoadState


@dataclass(frozen=True, slots=True)
class Decisions:
    """Only what is new since the tick before; `slot` holds every lot on the 5-minute slots."""

    at: datetime
    lots: tuple[LotState, ...] = ()
    """Lots whose free number, state word, quality or reason changed."""
    slot: tuple[Occupancy, ...] = ()
    roads: tuple[RoadState, ...] = ()
    """Sections whose level changed."""
    guidance: tuple[Guidance, ...] = ()
    alerts: tuple[Alert, ...] = ()
    """New versions of alerts, in the order they came about."""
    forecasts: tuple[Forecast, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Nothing to tell anybody."""
        return not (self.lots or self.slot or self.roads or self.guidance or self.alerts or self.forecasts)
