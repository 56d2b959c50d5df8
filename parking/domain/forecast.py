"""What a lot will probably hold."""

from dataclasses import dataclass
from datetime import datetime

from parking.domain.ids import LotId


@dataclass(frozen=True, slots=True)
class Forecast:
    """Taken bays of one lot at several horizons, always with a band."""

    lot: LotId
    issued_at: datetime
    horizons_min: tuple[int, ...]
    quantiles: tuple[float, ...]
    """Ascending levels in 0..1; 0.5 is among them and is the point forecast."""
    taken: tuple[tuple[float, ...], ...]
    """Taken bays, [horizon][quantile], ascending within a horizon, within 0..capacity."""
    model: str
