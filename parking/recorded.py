"""Recorded occupancy as readings: a file of `series_id, city, capacity, timestamp, occupied`, plain or gzip.

A bad row is told and left out; it never costs the others. A missing row means unknown, never zero.
"""

import csv
import gzip
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TextIO
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from parking.domain.errors import BadReading
from parking.domain.reading import CountReading, CountSource
from parking.domain.town import Town
from parking.recorded_town import Series, device_of, town_of

I64 = NDArray[np.int64]
F64 = NDArray[np.float64]

COLUMNS: Final = ("series_id", "city", "capacity", "timestamp", "occupied")
TOLD: Final = 20
"""Refused rows told in words; all are counted."""
STEP_S: Final = 300
"""The grid of `Recording.slots`."""
GZIP_MAGIC: Final = b"\x1f\x8b"


@dataclass(frozen=True)
class Recording:
    """What the file holds, in time order. Columns have one entry a row."""

    town: Town
    at_s: I64
    """Epoch seconds, ascending."""
    lot: I64
    """Index among the town's lots."""
    taken: I64
    refused: int
    doubts: tuple[str, ...]
    """The first refused rows, each with its line, what is wrong and what to do."""

    @property
    def timezone(self) -> ZoneInfo:
        """The town's own clock."""
        return self.town.calendar.timezone

    @property
    def begins(self) -> datetime:
        """Time of the first row."""
        return datetime.fromtimestamp(int(self.at_s[0]), UTC)

    @property
    def ends(self) -> datetime:
        """Just after the last row."""
        return datetime.fromtimestamp(int(self.at_s[-1]) + 1, UTC)

    def readings(self, begins: datetime | None = None, ends: datetime | None = None) -> Iterator[CountReading]:
        """Counts of [begins, ends) in time order, then in the order of lots; each lot's device counts its own."""
        rows = self._rows(begins, ends)
        lots = tuple(lot.id for lot in self.town.lots)
        devices = tuple(device_of(lot) for lot in lots)
        serial = [int(n) for n in np.bincount(self.lot[: rows.start], minlength=len(lots))]
        columns = zip(self.at_s[rows].tolist(), self.lot[rows].tolist(), self.taken[rows].tolist(), strict=True)
        last_s, at = -1, datetime.fromtimestamp(0, UTC)
        for at_s, i, taken in columns:
            if at_s != last_s:
                last_s, at = at_s, datetime.fromtimestamp(at_s, UTC)
            serial[i] += 1
            yield CountReading(
                device=devices[i],
                boot=1,
                seq=serial[i],
                at=at,
                received_at=at,
                lot=lots[i],
                taken=taken,
                source=CountSource.BARRIER_SYSTEM,
            )

    def slots(self, begins: datetime | None = None, ends: datetime | None = None) -> tuple[list[datetime], F64]:
        """The rows of [begins, ends) on the 5-minute grid, as `Forecaster.learn` takes them.

        Returns:
            The slots' times (T,), UTC, without gaps; and taken bays (T, L), NaN where the file has no row.
        """
        rows = self._rows(begins, ends)
        if rows.start >= rows.stop:
            return [], np.empty((0, len(self.town.lots)))
        slot = self.at_s[rows] // STEP_S
        first = int(slot[0])
        taken = np.full((int(slot[-1]) - first + 1, len(self.town.lots)), np.nan)
        taken[slot - first, self.lot[rows]] = self.taken[rows]
        return [datetime.fromtimestamp((first + n) * STEP_S, UTC) for n in range(len(taken))], taken

    def _rows(self, begins: datetime | None, ends: datetime | None) -> slice:
        low = 0 if begins is None else int(np.searchsorted(self.at_s, begins.timestamp()))
        high = len(self.at_s) if ends is None else int(np.searchsorted(self.at_s, ends.timestamp()))
        return slice(low, max(low, high))


def read_recording(file: Path, timezone: ZoneInfo | None = None) -> Recording:
    """Read a whole recording.

    Args:
        file: CSV with a header line, or gzip of it (told by its first bytes, not by its name).
        timezone: the town's clock; needed for cities the product does not know.

    Raises:
        BadReading: the file cannot be read, misses a column, has no good row, or its city's clock is unknown.
    """
    try:
        with _open(file) as lines:
            rows = _Rows(file)
            rows.take(lines)
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as trouble:
        raise BadReading(f"{file}: {trouble}; it must be a CSV file in UTF-8, or gzip of one") from trouble
    return rows.recording(timezone)


def _open(file: Path) -> TextIO:
    with file.open("rb") as raw:
        packed = raw.read(len(GZIP_MAGIC)) == GZIP_MAGIC
    if packed:
        return gzip.open(file, "rt", encoding="utf-8-sig", newline="")
    return file.open(encoding="utf-8-sig", newline="")


class _Rows:
    """Columns under construction, and what was refused."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._series: dict[str, Series] = {}
        self._clock: dict[str, int] = {}
        self._kept: dict[tuple[int, int], int] = {}
        self._refused = 0
        self._doubts: list[str] = []

    def take(self, lines: Iterable[str]) -> None:
        reader = csv.reader(lines)
        where = self._columns(next(reader, []))
        most = max(where)
        for row in reader:
            if not row:
                continue
            try:
                if len(row) <= most:
                    raise ValueError(f"{len(row)} columns instead of {most + 1}; complete or delete the row")
                self._row(*(row[i] for i in where))
            except ValueError as trouble:
                self._refused += 1
                if len(self._doubts) < TOLD:
                    self._doubts.append(f"{self._file}: line {reader.line_num}: {trouble}")

    def _columns(self, header: list[str]) -> list[int]:
        missing = [name for name in COLUMNS if name not in header]
        if missing:
            raise BadReading(
                f"{self._file}: line 1: no column {', '.join(missing)}; the header must name {', '.join(COLUMNS)}"
            )
        return [header.index(name) for name in COLUMNS]

    def _row(self, name: str, city: str, capacity: str, timestamp: str, occupied: str) -> None:
        series = self._series.get(name)
        if series is None:
            series = Series.first(len(self._series), name, city, _count("capacity", capacity, least=1))
        elif capacity != series.written_capacity and _count("capacity", capacity, least=1) != series.capacity:
            raise ValueError(f"capacity {capacity} of {name} was {series.capacity} before; a lot has one capacity")
        taken = _count("occupied", occupied, least=0)
        if taken > series.capacity:
            raise ValueError(f"occupied {taken} is more than the capacity {series.capacity}; correct one of them")
        key = (self._at_s(timestamp), series.index)
        if key in self._kept:
            raise ValueError(f"{name} at {timestamp} is there twice; the first one counts, delete the other")
        self._kept[key] = taken
        self._series[name] = series

    def _at_s(self, timestamp: str) -> int:
        # Lots share their timestamps: each text is parsed once.
        at_s = self._clock.get(timestamp)
        if at_s is None:
            at = datetime.fromisoformat(timestamp)
            if at.tzinfo is None:
                raise ValueError(f"timestamp {timestamp} has no zone; write it in UTC with a Z at its end")
            at_s = self._clock[timestamp] = int(at.timestamp())
        return at_s

    def recording(self, timezone: ZoneInfo | None) -> Recording:
        if not self._kept:
            told = f" ({self._doubts[0]})" if self._doubts else ""
            raise BadReading(f"{self._file}: no row can be used{told}; is it the right file?")
        keys = np.array(list(self._kept), dtype=np.int64)
        taken = np.fromiter(self._kept.values(), dtype=np.int64, count=len(keys))
        order = np.lexsort((keys[:, 1], keys[:, 0]))
        at_s, lot = keys[order, 0], keys[order, 1]
        periods = [_period_s(at_s[lot == i]) for i in range(len(self._series))]
        town = town_of(self._file, tuple(self._series.values()), periods, timezone)
        return Recording(town, at_s, lot, taken[order], self._refused, tuple(self._doubts))


def _count(what: str, text: str, least: int) -> int:
    # int() would also take 1_0 and Arabic digits.
    if not (text.isascii() and text.strip().isdigit()) or int(text) < least:
        raise ValueError(f"{what} {text!r} is no whole number from {least}; correct or delete the row")
    return int(text)


def _period_s(at_s: I64) -> float:
    """The period a lot implies: 19 of 20 gaps are not longer, so that its slow nights are no silence."""
    return float(np.quantile(np.diff(at_s), 0.95, method="higher")) if len(at_s) > 1 else float(STEP_S)
