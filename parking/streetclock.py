"""Street time: t0 + speed × (machine time − m0). The only place that looks at the machine's clock."""

import asyncio
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

LONGEST_NAP_S = 1.0
"""Sleep in short naps, so that a corrected machine clock is noticed within a second."""


@dataclass(frozen=True, slots=True)
class StreetTime:
    """Where street time began and how fast it runs; every process of a run is given the same."""

    t0: datetime
    """Street time at the machine time `m0`, UTC."""
    m0: float
    """Machine time, seconds since 1970."""
    speed: float = 1.0

    def at(self, machine_s: float) -> datetime:
        """Street time at a machine time, UTC; before `m0` the street stands still."""
        return self.t0 + timedelta(seconds=max(0.0, machine_s - self.m0) * self.speed)

    def machine_s(self, at: datetime) -> float:
        """Machine time when the street's clock reads `at`."""
        return self.m0 + (at - self.t0).total_seconds() / self.speed


def real_time() -> StreetTime:
    """The street's clock is the machine's: live service."""
    return StreetTime(t0=datetime.fromtimestamp(0, UTC), m0=0.0, speed=1.0)


def begin(t0: datetime, speed: float, in_s: float = 0.0) -> StreetTime:
    """Street time that reads `t0` until `in_s` machine seconds from now, and runs from then on."""
    return StreetTime(t0=t0.astimezone(UTC), m0=time.time() + in_s, speed=speed)


class StreetClock:
    """The Clock of every process that has wires."""

    def __init__(self, street: StreetTime) -> None:
        self.street = street

    @property
    def speed(self) -> float:
        """Street seconds in a machine second."""
        return self.street.speed

    def now(self) -> datetime:
        """Street time now, UTC."""
        return self.street.at(time.time())

    async def sleep_until(self, at: datetime) -> None:
        """Return when street time has reached `at`; at once when it has passed."""
        # The machine's clock is what is awaited, and no event tells of its corrections.
        while (left := self.street.machine_s(at) - time.time()) > 0:  # noqa: ASYNC110 -- see above
            await asyncio.sleep(min(left, LONGEST_NAP_S))
