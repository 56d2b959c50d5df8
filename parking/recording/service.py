"""A stretch of a service's run, read from its store: snapshot, input log and journal become a recording.

Reads alone: no lock, no tick, no row. The engine that turns here is our own; it is needed for snapshots and the index,
and it shows whether the journal can be decided again.
"""

from collections import deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from parking.codec import digest
from parking.domain.errors import BadJournal, BadRecording
from parking.domain.inputs import Input
from parking.domain.tick import Snapshot, TickMark
from parking.domain.town import Town
from parking.engine import Engine
from parking.ports import Kept, Stores
from parking.recording.nouns import Origin, Source
from parking.recording.recorder import Recorder, recording

INSTANT: Final = timedelta(microseconds=1)
TOLD_EVERY_S: Final = 600


@dataclass(slots=True)
class Recorded:
    """What was recorded."""

    begins: datetime
    ends: datetime
    ticks: int = 0
    different: int = 0
    """Ticks that this program decides otherwise than the journal says."""
    first_different_at: datetime | None = None

    def as_dict(self) -> dict[str, object]:
        """Plain values for JSON."""
        first = self.first_different_at
        return {
            "from": self.begins.isoformat(),
            "to": self.ends.isoformat(),
            "ticks": self.ticks,
            "identical": self.different == 0,
            "different": self.different,
            "first_different_at": None if first is None else first.isoformat(),
        }


async def record_service(
    stores: Stores,
    town: Town,
    run: str,
    begins: datetime | None,
    ends: datetime | None,
    file: Path,
    progress: Callable[[datetime], None] = lambda _at: None,
) -> Recorded:
    """Write the ticks of [begins, ends) to `file`.

    Args:
        stores: of the service's run.
        town: the one the service turns.
        run: its id.
        begins: None for the oldest tick that the journal still holds.
        ends: None for the newest.
        file: the recording.
        progress: called each ten minutes of street time.

    Raises:
        BadRecording: the journal holds nothing of that time, or what lies before it is gone.
        BadJournal: the store's snapshot is of another town or another version of the program.
    """
    snapshot = None if begins is None else await stores.snapshots.newest(begins - INSTANT)
    marks = await stores.ledger.ticks_after(None if snapshot is None else snapshot.at, ends)
    if snapshot is None and marks and marks[0].position > 0 and (await _first_position(stores)) > 1:
        snapshot, marks = await _oldest(stores, marks)
    wanted = [mark for mark in marks if begins is None or mark.at >= begins]
    if not wanted:
        raise BadRecording(f"run {run} decided nothing in that time; {await _span(stores)}")
    engine = Engine(town)
    if snapshot is not None:
        engine.load(snapshot.state)
    found = Recorded(wanted[0].at, wanted[-1].at)
    ticks = _ticks(stores, 0 if snapshot is None else snapshot.position, marks)
    mark, inputs = await anext(ticks)
    while mark.at < found.begins:
        engine.take(inputs)
        engine.decide(mark.at)
        mark, inputs = await anext(ticks)
    with recording(file, town, Origin(Source.SERVICE, run), engine.settings) as recorder:
        recorder.begin_from(engine)
        _record(engine, mark, inputs, recorder, found)
        async for mark, inputs in ticks:
            _record(engine, mark, inputs, recorder, found)
            if mark.at.timestamp() % TOLD_EVERY_S == 0:
                progress(mark.at)
        recorder.finish()
    return found


def _record(engine: Engine, mark: TickMark, inputs: tuple[Input, ...], recorder: Recorder, found: Recorded) -> None:
    """One tick: what was decided is what the journal says."""
    engine.take(inputs)
    decisions = engine.decide(mark.at)
    recorder.hear(engine, inputs, decisions, mark.decisions_sha256)
    found.ticks += 1
    if digest(decisions) != mark.decisions_sha256:
        found.different += 1
        found.first_different_at = found.first_different_at or mark.at


async def _ticks(
    stores: Stores, position: int, marks: Sequence[TickMark]
) -> AsyncIterator[tuple[TickMark, tuple[Input, ...]]]:
    """Each tick with what the engine took before it, in order."""
    entries: deque[Kept] = deque()
    for mark in marks:
        inputs: list[Input] = []
        while position < mark.position:
            if not entries:
                entries.extend(await stores.intake.after(position))
            if not entries:
                raise BadJournal(
                    f"the input log ends at {position}, the journal at {mark.position}; record a later time"
                )
            kept = entries.popleft()
            inputs += kept.inputs
            position = kept.position
        yield mark, tuple(inputs)


async def _first_position(stores: Stores) -> int:
    """Of the oldest entry that the input log still holds; 0 when it is empty."""
    entries = await stores.intake.after(0, 1)
    return entries[0].position if entries else 0


async def _oldest(stores: Stores, marks: Sequence[TickMark]) -> tuple[Snapshot, Sequence[TickMark]]:
    """The first snapshot from which the rest can be decided again, when the beginning is gone."""
    for mark in marks:
        if (snapshot := await stores.snapshots.newest(mark.at)) is not None:
            return snapshot, [one for one in marks if one.at > snapshot.at]
    raise BadRecording("the beginning of the input log is gone and no snapshot is left; record a later time")


async def _span(stores: Stores) -> str:
    marks = await stores.ledger.ticks_after(None)
    return f"its journal holds {marks[0].at} to {marks[-1].at}" if marks else "its journal is empty"
