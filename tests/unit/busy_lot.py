"""A lot with traffic, gates, a system and a camera, each of which a test may break; a few seconds a step."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np

from parking.domain.device import DeviceKind
from parking.domain.occupancy import QUALITIES, Quality
from parking.domain.reading import CountSource
from parking.domain.settings import EstimateSettings
from sensors.estimate import Estimator
from tests.makers import SHANGHAI, a_count_reading, a_device, a_gate_reading, a_lot, a_queue_reading, at

STEP_S = 15
GATE = a_device("gate-P01", lots=["P01"])
SYSTEM = a_device("barrier-P01", lots=["P01"], kind=DeviceKind.BARRIER_SYSTEM, period=timedelta(minutes=1))
CAMERA = a_device("camera-P01", lots=["P01"], kind=DeviceKind.CAMERA, period=timedelta(minutes=1))


@dataclass
class BusyLot:
    """300 bays; cars come and go at these rates a minute."""

    has_gate: bool = True
    has_system: bool = True
    has_camera: bool = False
    come: float = 3.0
    go: float = 1.5
    taken: int = 100
    capacity: int = 300
    seed: int = 1
    system_off: int = 0
    gate_counts: Callable[[int], int] = lambda cars: cars
    """What its gate makes of so many cars."""
    system_tells: Callable[[int], int] = lambda count: count
    camera_sd: float = 4.0
    camera_tells: Callable[[int], int] = lambda count: count
    waiting: int = 0
    second: int = 0
    entered: int = 0
    left: int = 0
    reasons: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        devices = [
            one for one, there in ((GATE, self.has_gate), (SYSTEM, self.has_system), (CAMERA, self.has_camera)) if there
        ]
        lot = a_lot(capacity=self.capacity)
        self.estimator = Estimator([lot], devices, EstimateSettings(), SHANGHAI)
        self.chance = np.random.default_rng(self.seed)

    def run(self, minutes: float) -> "BusyLot":
        """So many minutes more."""
        for _ in range(round(minutes * 60 / STEP_S)):
            self.second += STEP_S
            come = min(int(self.chance.poisson(self.come * STEP_S / 60)), self.capacity - self.taken)
            go = min(int(self.chance.poisson(self.go * STEP_S / 60)), self.taken)
            self.taken += come - go
            self.entered += self.gate_counts(come)
            self.left += self.gate_counts(go)
            self._tell()
            self.reasons.append(self.estimator.estimate(at(self.second)).reason[0])
        return self

    def _tell(self) -> None:
        now, nth = at(self.second), self.second // STEP_S
        if self.has_gate:
            self.estimator.take(a_gate_reading(self.entered, self.left, now, seq=2 * nth))
            self.estimator.take(a_queue_reading(self.waiting, now, device="gate-P01", seq=2 * nth + 1))
        if self.has_system and self.second % 60 == 0:
            told = max(0, self.system_tells(self.taken + self.system_off))
            self.estimator.take(a_count_reading(told, now, seq=nth))
        if self.has_camera and self.second % 60 == 0:
            seen = int(np.clip(round(self.taken + self.camera_sd * self.chance.standard_normal()), 0, self.capacity))
            told = self.camera_tells(seen)
            source = CountSource.CAMERA
            self.estimator.take(a_count_reading(told, now, device="camera-P01", seq=nth, source=source))

    def person_counts(self) -> None:
        """Somebody walks through the lot."""
        person = CountSource.PERSON
        self.estimator.take(a_count_reading(self.taken, at(self.second), device="gate-P01", source=person))

    @property
    def believed(self) -> float:
        return float(self.estimator.estimate(at(self.second)).taken[0])

    @property
    def sd(self) -> float:
        return float(self.estimator.estimate(at(self.second)).sd[0])

    @property
    def off(self) -> float:
        """Bays by which the estimate misses the truth."""
        return abs(self.believed - self.taken)

    @property
    def judged(self) -> tuple[Quality, str]:
        found = self.estimator.estimate(at(self.second))
        return QUALITIES[found.quality[0]], found.reason[0]

    def wrong(self) -> list[tuple[str, str]]:
        return [(str(one.device), one.reason) for one in self.estimator.wrong(at(self.second))]
