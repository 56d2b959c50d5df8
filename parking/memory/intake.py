"""The input log in a list.

One event loop and no awaits in between: each method is a transaction by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from parking.domain.guidance import Shown
from parking.domain.ids import SignId
from parking.domain.inputs import Input
from parking.domain.reading import Doubt, Reading
from parking.memory.diary import MemoryDiary
from parking.memory.tallies import MemoryTallies
from parking.ports import Kept

Key = tuple[datetime, str, int, int]


class MemoryIntake:
    """`Intake` in a list."""

    def __init__(self, tallies: MemoryTallies, diary: MemoryDiary) -> None:
        self._tallies = tallies
        self._diary = diary
        self.log: list[Kept] = []
        self.doubts: list[Doubt] = []
        self.newest_shown: dict[SignId, Shown] = {}
        self._trimmed = 0
        self._readings: set[Key] = set()
        self._shown: set[Key] = set()

    async def keep(
        self, readings: Sequence[Reading] = (), others: Sequence[Input] = (), doubts: Sequence[Doubt] = ()
    ) -> Kept | None:
        """As `Intake.keep`."""
        self.doubts += doubts
        new = [reading for reading in readings if self._is_new(reading)]
        self._tallies.hear(new)
        self._diary.hear(others)
        fresh: list[Input] = [*new]
        fresh += [value for value in others if not isinstance(value, Shown) or self._is_newly_shown(value)]
        return self.append(fresh) if fresh else None

    async def after(self, position: int, limit: int = 10_000) -> Sequence[Kept]:
        """As `Intake.after`."""
        found: list[Kept] = []
        inputs = 0
        for kept in self.log[max(0, position - self._trimmed) :]:
            if inputs >= limit:
                break
            found.append(kept)
            inputs += len(kept.inputs)
        return found

    def append(self, inputs: Sequence[Input]) -> Kept:
        """One more entry."""
        self.log.append(Kept(self._trimmed + len(self.log) + 1, tuple(inputs)))
        return self.log[-1]

    def trim(self, position: int) -> None:
        """Forget entries up to this one."""
        gone = max(0, position - self._trimmed)
        del self.log[:gone]
        self._trimmed += gone

    def drop_readings(self, before: datetime) -> tuple[date, ...]:
        """Forget which readings there were before; returns their UTC days."""
        gone = {key for key in self._readings if key[0] < before}
        self._readings -= gone
        return tuple(sorted({at.astimezone(UTC).date() for at, *_ in gone}))

    def _is_new(self, reading: Reading) -> bool:
        key = (reading.at, reading.device, reading.boot, reading.seq)
        if key in self._readings:
            return False
        self._readings.add(key)
        return True

    def _is_newly_shown(self, shown: Shown) -> bool:
        key = (shown.at, shown.sign, shown.epoch, shown.sequence)
        if key in self._shown:
            return False
        self._shown.add(key)
        before = self.newest_shown.get(shown.sign)
        if before is None or _age(shown) >= _age(before):
            self.newest_shown[shown.sign] = shown
        return True


def _age(shown: Shown) -> tuple[datetime, int, int]:
    return shown.received_at, shown.epoch, shown.sequence


@dataclass(frozen=True, slots=True)
class MemoryConfirmations:
    """`Confirmations` from what the intake has seen."""

    intake: MemoryIntake

    async def newest_shown(self) -> Sequence[Shown]:
        """As `Confirmations.newest_shown`, in the order of sign ids."""
        return [self.intake.newest_shown[sign] for sign in sorted(self.intake.newest_shown)]
