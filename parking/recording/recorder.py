"""Writes a recording as a run goes: told every tick, it changes nothing and answers nothing."""

import platform
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np

from parking import __version__
from parking.codec import encode
from parking.domain.decisions import Decisions
from parking.domain.inputs import Input
from parking.domain.reading import Head, StatusReading
from parking.domain.settings import Settings
from parking.domain.town import Town
from parking.engine import FORMAT as ENGINE_FORMAT
from parking.engine import STEP_S, Engine
from parking.flow.replay import Account
from parking.recording.lines import encode_line
from parking.recording.marks import Index
from parking.recording.nouns import FORMAT, VERSION, End, Header, Line, Origin, Told
from parking.recording.stands import Stands
from parking.recording.states import split
from parking.recording.town import encode_town
from parking.recording.zipped import ZipOut
from signage.wording import texts

SNAPSHOT_EVERY: Final = timedelta(minutes=20)
"""Of street time: a town's twenty minutes are decided again in a sixth of a second; figures in docs/replay.md."""

_encoder = msgspec.json.Encoder(order="deterministic")


def stamp(at: datetime) -> str:
    """An instant as a part of a member's name, which sorts as time does."""
    return f"{at:%Y%m%dT%H%M%S}"


class Recorder:
    """A recording under construction: `hear` every tick, then `finish`; `abandon` it when the run breaks off."""

    def __init__(
        self,
        file: Path,
        town: Town,
        origin: Origin,
        settings: Settings | None = None,
        *,
        every: timedelta = SNAPSHOT_EVERY,
    ) -> None:
        self._out, self._every = ZipOut(file), every
        self._lines: list[bytes] = []
        self._known: set[str] = set()
        self._stands, self._index, self._account = Stands(), Index(), Account(len(town.lots))
        self._begins: datetime | None = None
        self._ends: datetime | None = None
        self._stretch: datetime | None = None
        self._add("header.json", _header(origin, settings or Settings(), every))
        self._out.add("town.json", encode_town(town))

    def begin_from(self, engine: Engine) -> None:
        """The run does not begin with a fresh engine but with this one, before the first tick."""
        if (picture := engine.picture()) is not None:
            self._stands.apply(picture)
            self._index.begin(picture)
            self._snapshot(engine)

    def hear(self, engine: Engine, inputs: Sequence[Input], decisions: Decisions, digest: str = "") -> Iterable[Input]:
        """One tick; nobody is told anything.

        Args:
            engine: after the tick and before anything else is taken.
            inputs: what it took since the tick before, in order.
            decisions: what it decided.
            digest: of what was decided the first time, where that may be another thing.
        """
        at = decisions.at
        if self._begins is None:
            self._begins = at
        if self._stretch is not None and at >= self._stretch + self._every:
            self._close_stretch()
        if self._stretch is None:
            self._stretch = _grid(at, self._every)
        encoded = encode(decisions)
        readings = sum(isinstance(one, Head) and not isinstance(one, StatusReading) for one in inputs)
        line = Line(
            at, digest or sha256(encoded).hexdigest(), self._stands.apply(decisions), _told(decisions), tuple(inputs)
        )
        self._lines.append(encode_line(line))
        self._account.hear(readings, decisions, encoded)
        self._index.hear(readings, decisions)
        self._ends = at
        if at + timedelta(seconds=STEP_S) >= self._stretch + self._every:
            self._close_stretch()
            self._snapshot(engine)
        return ()

    def finish(
        self, measures: Mapping[str, float | None] | None = None, digests: Mapping[str, str] | None = None
    ) -> None:
        """The run is over: say so, and give the file its name."""
        self._close_stretch()
        if self._begins is not None and self._ends is not None:
            report = self._account.close()
            report.simulated_s = (self._ends - self._begins).total_seconds() + STEP_S
            told = {key: value for key, value in report.as_dict().items() if key not in ("wall_s", "times_real")}
            end = End(self._begins, self._ends, report.decisions, told, measures, digests or {})
            self._add("end.json", end)
        self._out.finish()

    def abandon(self) -> None:
        """The run broke off: keep what there is, under the name of a part."""
        self._close_stretch()
        self._out.abandon()

    def _close_stretch(self) -> None:
        if not self._lines or self._stretch is None:
            return
        stretch = self._index.close()
        name = stamp(stretch.begins)
        self._out.add(f"ticks/{name}.jsonl", b"".join(self._lines))
        self._add(f"index/{name}.json", stretch)
        self._lines.clear()
        self._stretch = None

    def _snapshot(self, engine: Engine) -> None:
        assert engine.at is not None  # noqa: S101 -- it has decided
        skeleton, parts = split(engine.save())
        for name, data in parts.items():
            if name not in self._known:
                self._known.add(name)
                self._out.add(f"parts/{name}.bin", data)
        self._out.add(f"snapshots/{stamp(engine.at)}.msgpack", skeleton)

    def _add(self, name: str, value: object) -> None:
        plain = msgspec.to_builtins(value, order="deterministic")
        self._out.add(name, msgspec.json.format(_encoder.encode(plain), indent=1))


@contextmanager
def recording(
    file: Path, town: Town, origin: Origin, settings: Settings | None = None, *, every: timedelta = SNAPSHOT_EVERY
) -> Iterator[Recorder]:
    """A recorder that whoever opens it finishes; should anything break off before, it is abandoned."""
    recorder = Recorder(file, town, origin, settings, every=every)
    try:
        yield recorder
    except BaseException:
        recorder.abandon()
        raise


def _header(origin: Origin, settings: Settings, every: timedelta) -> Header:
    versions: dict[str, Any] = {
        "parking": __version__,
        "engine_state": str(ENGINE_FORMAT),
        "python": platform.python_version(),
        "numpy": np.__version__,
        "msgspec": msgspec.__version__,
    }
    return Header(FORMAT, VERSION, origin, settings, versions, STEP_S, round(every.total_seconds()))


def _told(decisions: Decisions) -> tuple[Told, ...]:
    return tuple(Told(one.sign, one.sequence, texts(one)) for one in decisions.guidance)


def _grid(at: datetime, every: timedelta) -> datetime:
    """The last multiple of `every` since 1970 that is not later."""
    return at - timedelta(seconds=at.timestamp() % every.total_seconds())
