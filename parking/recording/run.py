"""A recording, opened: its header, its ticks from any instant on, the snapshot before any instant."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from parking.domain.errors import BadRecording
from parking.domain.town import Town
from parking.recording.lines import decode_lines
from parking.recording.nouns import FORMAT, VERSION, End, Header, Line, Stretch
from parking.recording.states import join
from parking.recording.town import decode_town
from parking.recording.zipped import MAGIC, ZipIn

T = TypeVar("T")

KEPT: Final = 4
"""Stretches whose ticks stay in memory: stepping and small jumps read nothing again."""


def is_recording(file: Path) -> bool:
    """Whether the file begins as a recording does; one that cannot be read does not."""
    try:
        with file.open("rb") as raw:
            return raw.read(len(MAGIC)) == MAGIC
    except OSError:
        return False


class RecordedRun:
    """One file. Raises BadRecording, now or when a damaged part is read, with what to do."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._zip = ZipIn(file)
        self.header = self._header()
        self.town: Town = decode_town(self._zip.read("town.json"))
        self._ticks = self._named("ticks/", ".jsonl")
        self._snapshots = self._named("snapshots/", ".msgpack")
        self.end = self._json("end.json", End) if "end.json" in self._zip.names else None
        """What the whole run came to; None when the recording was cut short."""
        if not self._ticks:
            raise BadRecording(f"{file}: holds no tick: the recorder ended too early; record the run again")
        self._check_counts()
        self._lines = lru_cache(KEPT)(self._read_lines)

    @property
    def is_cut_short(self) -> bool:
        """Whether the recorder was ended before the run was."""
        return self.end is None

    @property
    def begins(self) -> datetime:
        """The first tick."""
        return self._lines(0)[0].at

    @property
    def ends(self) -> datetime:
        """The last tick."""
        return self._lines(len(self._ticks) - 1)[-1].at

    @property
    def is_from_its_beginning(self) -> bool:
        """Whether a fresh engine was recorded; else the first snapshot comes before the first tick."""
        return self.snapshot_before(self.begins - timedelta(microseconds=1)) is None

    def lines(self, after: datetime | None = None) -> Iterator[Line]:
        """Ticks later than `after`, all when None, oldest first."""
        first = 0 if after is None else max(0, bisect_right([at for at, _ in self._ticks], after) - 1)
        for nth in range(first, len(self._ticks)):
            for line in self._lines(nth):
                if after is None or line.at > after:
                    yield line

    def snapshot_before(self, at: datetime) -> datetime | None:
        """The instant of the newest snapshot not later than `at`; None when there is none."""
        nth = bisect_right([when for when, _ in self._snapshots], at)
        return self._snapshots[nth - 1][0] if nth else None

    def state(self, at: datetime) -> bytes:
        """The engine's whole state of the snapshot at that instant."""
        name = dict(self._snapshots)[at]
        return join(self._zip.read(name), lambda part: self._zip.read(f"parts/{part}.bin"))

    def index(self) -> Sequence[Stretch]:
        """What a seek bar shows, oldest first."""
        return [self._json(name, Stretch) for _, name in self._named("index/", ".json")]

    def _header(self) -> Header:
        if "header.json" not in self._zip.names:
            raise BadRecording(f"{self.file}: is no recording; give a file that `--record` or `parking record` wrote")
        head = self._json("header.json", _Head)
        if head.format != FORMAT:
            raise BadRecording(f"{self.file}: is no recording but {head.format!r}; give a file that `--record` wrote")
        if head.version > VERSION:
            raise BadRecording(
                f"{self.file}: has format {head.version}, this program reads up to {VERSION}; use a newer one"
            )
        return self._json("header.json", Header)

    def _check_counts(self) -> None:
        """A stretch has ticks and index, and together they are as many as the end says."""
        if self.end is None:
            return
        index = self._named("index/", ".json")
        ticks = sum(self._json(name, Stretch).ticks for _, name in index)
        if [at for at, _ in index] != [at for at, _ in self._ticks] or ticks != self.end.ticks:
            raise BadRecording(
                f"{self.file}: has {ticks} of {self.end.ticks} ticks: damaged; take another copy of the file"
            )

    def _json(self, name: str, into: type[T]) -> T:
        try:
            return msgspec.json.decode(self._zip.read(name), type=into)
        except msgspec.MsgspecError as trouble:
            raise BadRecording(f"{self.file}: {name}: {trouble}; take another copy of the file") from trouble

    def _named(self, folder: str, suffix: str) -> list[tuple[datetime, str]]:
        """Members of a folder by the instant in their name, oldest first."""
        names = sorted(name for name in self._zip.names if name.startswith(folder) and name.endswith(suffix))
        try:
            return [(_instant(name[len(folder) : -len(suffix)]), name) for name in names]
        except ValueError as trouble:
            raise BadRecording(f"{self.file}: {trouble}; take another copy of the file") from trouble

    def _read_lines(self, nth: int) -> list[Line]:
        name = self._ticks[nth][1]
        lines = list(decode_lines(self._zip.read(name), f"{self.file}: {name}"))
        if not lines:
            raise BadRecording(f"{self.file}: {name} holds no tick; take another copy of the file")
        return lines


class _Head(msgspec.Struct):
    """What any version of the format says of itself."""

    format: str
    version: int


def _instant(stamp: str) -> datetime:
    return datetime.strptime(stamp, "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
