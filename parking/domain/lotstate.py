"""A lot as everybody is told of it: the estimate and the state word that goes with it."""

from dataclasses import dataclass

from parking.domain.guidance import State
from parking.domain.ids import LotId
from parking.domain.occupancy import Occupancy


@dataclass(frozen=True, slots=True)
class LotState:
    """Newest estimate of a lot and its state word (with hysteresis, as on its own entrance sign)."""

    occupancy: Occupancy
    state: State

    @property
    def lot(self) -> LotId:
        """Which lot."""
        return self.occupancy.lot

    @property
    def free(self) -> int | None:
        """The number people are told: none when unknown or closed, 0 when full."""
        if self.state in (State.UNKNOWN, State.CLOSED):
            return None
        return 0 if self.state is State.FULL else self.occupancy.free
