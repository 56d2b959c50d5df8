"""Which devices are silent: the one thing a broken sensor can tell of itself."""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from parking.domain.device import Device, DeviceKind, offline_after, stale_after
from parking.domain.ids import DeviceId, LotId, SectionId
from parking.domain.reading import Reading, StatusReading

NOT_WATCHED: Final = frozenset({DeviceKind.PERSON, DeviceKind.SIGN})
"""A person owes nobody a keep-alive; a sign is judged by what it confirms."""


@dataclass(frozen=True, slots=True)
class Silence:
    """A device that has not been heard for too long, or said goodbye."""

    device: DeviceId
    kind: DeviceKind
    lots: tuple[LotId, ...]
    sections: tuple[SectionId, ...]
    heard_at: datetime | None
    """Last proof of life; None if there never was one."""
    since: datetime
    """When the silence began: the last proof of life, the goodbye, or the first look."""
    offline: bool
    """Silent for so long that it counts as broken, or said so."""
    reason: str
    """`silent`, `never_heard` or `said_offline`."""


@dataclass(slots=True)
class _Watched:
    device: Device
    period: timedelta
    heard: datetime | None = None
    left: datetime | None = None
    """When it said goodbye, until it is heard again."""

    def judge(self, now: datetime, first: datetime) -> tuple[Silence | None, datetime | None]:
        """The silence there is now, and when to look again if nothing is heard (None: no need)."""
        if self.left is not None:
            return self._silence(self.left, "said_offline", offline=True), None
        since = self.heard or first
        stale, offline = since + stale_after(self.period), since + offline_after(self.period)
        reason = "silent" if self.heard else "never_heard"
        if now <= stale:
            return None, stale
        if now <= offline:
            return self._silence(since, reason, offline=False), offline
        return self._silence(since, reason, offline=True), None

    def _silence(self, since: datetime, reason: str, *, offline: bool) -> Silence:
        return Silence(
            device=self.device.id,
            kind=self.device.kind,
            lots=tuple(sorted(self.device.lots)),
            sections=tuple(sorted(self.device.sections)),
            heard_at=self.heard,
            since=since,
            offline=offline,
            reason=reason,
        )


class Health:
    """Watches every device that owes a sign of life. A tick on which nothing is due costs next to nothing."""

    def __init__(self, devices: Sequence[Device]) -> None:
        watched = [device for device in devices if device.kind not in NOT_WATCHED]
        self._watched = [_Watched(device, device.period) for device in watched]
        self._index = {device.id: n for n, device in enumerate(watched)}
        self._first: datetime | None = None
        self._due: list[tuple[datetime, int]] = []
        """Heap of when to look again; a device heard since is simply due later than it says."""
        self._silences: dict[int, Silence] = {}
        self._told: tuple[Silence, ...] = ()
        self._look: set[int] = set()
        """Devices to judge on the next call whatever is due."""

    def take(self, reading: Reading) -> None:
        """Any reading is proof of life; a status tells the period, or a goodbye."""
        n = self._index.get(reading.device)
        if n is None:
            return
        watched = self._watched[n]
        if not isinstance(reading, StatusReading):
            self._hear(n, watched, reading.received_at)
            return
        if reading.period_s is not None and watched.period.total_seconds() != reading.period_s:
            watched.period = timedelta(seconds=reading.period_s)
            self._look.add(n)
        if not reading.online:
            watched.left = watched.left or reading.received_at
            self._look.add(n)
        elif not reading.retained:
            self._hear(n, watched, reading.received_at)

    def silent(self, now: datetime) -> tuple[Silence, ...]:
        """Every silence at `now`, in the order of the registry. Who was never heard counts from the first call."""
        if self._first is None:
            self._first = now
            self._look.update(range(len(self._watched)))
        while self._due and self._due[0][0] < now:
            self._look.add(heapq.heappop(self._due)[1])
        if self._look:
            self._judge(now, self._first)
        return self._told

    def _hear(self, n: int, watched: _Watched, at: datetime) -> None:
        if watched.heard is None or at > watched.heard:
            watched.heard = at
        watched.left = None
        if n in self._silences:
            self._look.add(n)

    def _judge(self, now: datetime, first: datetime) -> None:
        for n in sorted(self._look):
            silence, due = self._watched[n].judge(now, first)
            if silence is not None:
                self._silences[n] = silence
            else:
                self._silences.pop(n, None)
            if due is not None:
                heapq.heappush(self._due, (due, n))
        self._look.clear()
        self._told = tuple(self._silences[n] for n in sorted(self._silences))

    def save(self) -> dict[str, object]:
        """What was heard of whom, by device; silences follow from it."""
        return {
            "first_s": None if self._first is None else self._first.timestamp(),
            "devices": [
                [one.device.id, one.period.total_seconds(), _seconds(one.heard), _seconds(one.left)]
                for one in self._watched
            ],
        }

    def load(self, state: Mapping[str, Any]) -> None:
        """Back to what was heard; devices the registry no longer has are forgotten."""
        self._first = _time(state["first_s"])
        self._due, self._silences, self._told = [], {}, ()
        for name, period_s, heard_s, left_s in state["devices"]:
            if (n := self._index.get(name)) is not None:
                watched = self._watched[n]
                watched.period = timedelta(seconds=period_s)
                watched.heard, watched.left = _time(heard_s), _time(left_s)
        self._look = set(range(len(self._watched)))


def _seconds(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()


def _time(at_s: float | None) -> datetime | None:
    return None if at_s is None else datetime.fromtimestamp(at_s, UTC)
