"""Which lots are still heard: proof of life of every device, reduced to columns over lots."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from parking.domain.device import Device, DeviceKind, stale_after
from parking.domain.ids import DeviceId
from parking.domain.lot import Lot
from parking.domain.reading import StatusReading

F64 = NDArray[np.float64]
I64 = NDArray[np.int64]

NEVER: Final = -np.inf
"""Epoch seconds of what has not happened."""

NO_SIGN_OF_LIFE: Final = frozenset({DeviceKind.PERSON, DeviceKind.SIGN})
"""A person who counted this morning does not keep a lot alive, and a sign only shows."""

SEE_EACH_CAR: Final = frozenset({DeviceKind.GATE, DeviceKind.BAY_GATEWAY})


class Life(NamedTuple):
    """Columns of shape (L,), epoch seconds; they hold until something is heard again."""

    heard: F64
    """When the newest source gave proof of life; NaN if none did."""
    best_until: F64
    """Until when at least one source counts as alive."""
    worst_until: F64
    """Until when all of them do."""
    watched_until: F64
    """Until when all that see each car do; NEVER where nothing does."""


class Alive:
    """Devices' proof of life. A lot's sources are the devices of the registry that may speak for it."""

    def __init__(self, lots: Sequence[Lot], devices: Sequence[Device]) -> None:
        self.index: Mapping[DeviceId, int] = {device.id: d for d, device in enumerate(devices)}
        # One entry more stands for "no device", so that every lot has a source to reduce over.
        self._heard: F64 = np.full(len(devices) + 1, np.nan)
        self._until: F64 = np.full(len(devices) + 1, NEVER)
        self._limit: F64 = np.array([*(stale_after(device.period).total_seconds() for device in devices), 0.0])
        pairs = sorted(_pairs(lots, devices))
        self._pair = {pair: n for n, pair in enumerate(pairs)}
        self._pair_device: I64 = np.array([d for _, d in pairs], dtype=np.int64)
        self._starts = np.searchsorted([i for i, _ in pairs], np.arange(len(lots)))
        self._watches = np.array([d < len(devices) and devices[d].kind in SEE_EACH_CAR for _, d in pairs], dtype=bool)
        self._life: Life | None = None

    def hear(self, d: int, received_s: float) -> None:
        """Device `d` gave proof of life."""
        if not received_s <= self._heard[d]:  # never heard is NaN
            self._heard[d] = received_s
        self._until[d] = self._heard[d] + self._limit[d]
        self._life = None

    def status(self, d: int, reading: StatusReading, received_s: float) -> None:
        """Device `d`, or its last will, told its state; what the broker remembered is no proof of life."""
        if reading.period_s is not None:
            self._limit[d] = stale_after(timedelta(seconds=reading.period_s)).total_seconds()
            if self._until[d] != NEVER:
                self._until[d] = self._heard[d] + self._limit[d]
        if not reading.online:
            self._until[d] = NEVER
        elif not reading.retained:
            self.hear(d, received_s)
        self._life = None

    def watch(self, d: int, i: int) -> None:
        """Device `d` sees each car of lot `i`, whatever its kind says."""
        pair = self._pair.get((i, d))
        if pair is not None:
            self._watches[pair] = True
            self._life = None

    def life(self) -> Life:
        """The columns as of what was heard so far."""
        if self._life is None:
            until = self._until[self._pair_device]
            watched = np.minimum.reduceat(np.where(self._watches, until, np.inf), self._starts)
            watched[watched == np.inf] = NEVER
            self._life = Life(
                heard=np.fmax.reduceat(self._heard[self._pair_device], self._starts),
                best_until=np.maximum.reduceat(until, self._starts),
                worst_until=np.minimum.reduceat(until, self._starts),
                watched_until=watched,
            )
        return self._life

    def save(self) -> dict[str, Any]:
        """By device, so that a registry that has grown can take it back."""
        names = list(self.index)
        return {
            "devices": names,
            "heard": self._heard[:-1].copy(),
            "until": self._until[:-1].copy(),
            "limit": self._limit[:-1].copy(),
            "watches": [[names[d], i] for (i, d), n in self._pair.items() if self._watches[n]],
        }

    def load(self, state: Mapping[str, Any]) -> None:
        """Back to what was heard; devices the registry no longer has are forgotten."""
        known = [(n, self.index[name]) for n, name in enumerate(state["devices"]) if name in self.index]
        there, here = np.array(known, dtype=np.int64).reshape(-1, 2).T
        for name, column in (("heard", self._heard), ("until", self._until), ("limit", self._limit)):
            column[here] = state[name][there]
        for name, i in state["watches"]:
            if name in self.index:
                self.watch(self.index[name], i)
        self._life = None


def _pairs(lots: Sequence[Lot], devices: Sequence[Device]) -> Iterable[tuple[int, int]]:
    """Each lot with each of its sources; persons only where there is nobody else."""
    index = {lot.id: i for i, lot in enumerate(lots)}
    persons: dict[int, list[int]] = {}
    heard: set[int] = set()
    for d, device in enumerate(devices):
        for i in (index[lot] for lot in device.lots if lot in index):
            if device.kind in NO_SIGN_OF_LIFE:
                persons.setdefault(i, []).append(d)
            else:
                heard.add(i)
                yield i, d
    for i in range(len(lots)):
        if i not in heard:
            yield from ((i, d) for d in persons.get(i, [len(devices)]))
