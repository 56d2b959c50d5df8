"""What a store tells of a run afterwards is what the run told of itself."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

from parking.cases.file import file_at_once, needs_case
from parking.codec import digest
from parking.domain.decisions import Decisions
from parking.domain.ids import CaseNo
from parking.domain.tick import Tick
from parking.engine import Engine
from parking.flow.hindsight import judge
from parking.flow.replay import Report, replay
from parking.memory.open import memory_stores
from parking.ports import Stores
from parking.recorded import Recording, read_recording

BEGINS = datetime(2026, 5, 4, 6, tzinfo=UTC)
ENDS = BEGINS + timedelta(minutes=100)


class Remembering(Engine):
    """An engine whose decisions can be looked at."""

    def decide(self, now: datetime) -> Decisions:
        self.decided = [*getattr(self, "decided", []), super().decide(now)]
        return self.decided[-1]


def a_recording(folder: Path) -> Recording:
    """Three lots that fill at different pace; the last one falls silent."""
    rows = ["series_id,city,capacity,timestamp,occupied"]
    for n in range(20):
        at = BEGINS + timedelta(minutes=5 * n)
        heard = 3 if n < 8 else 2
        rows += [
            f"dresden/p{i},Dresden,100,{at:%Y-%m-%dT%H:%MZ},{min(100, 40 + 3 * n * (i + 1))}" for i in range(heard)
        ]
    file = folder / "town.csv"
    file.write_text("\n".join([*rows, ""]), encoding="utf-8")
    return read_recording(file)


async def stored(engine: Remembering, recording: Recording) -> Stores:
    """Stores that hold what the engine took and decided."""
    stores = memory_stores()
    await stores.intake.keep(tuple(recording.readings(BEGINS, ENDS)))
    for decisions in engine.decided:
        newest = {alert.id: alert for alert in decisions.alerts if needs_case(alert)}
        cases = tuple(
            file_at_once(alert, no=CaseNo(f"X{alert.id}"), at=decisions.at, town=recording.town)
            for alert in newest.values()
        )
        await stores.ledger.commit(Tick(decisions.at, 1, decisions, digest(decisions), cases))
    return stores


def figures(report: Report) -> dict[str, object]:
    """All but those that are made otherwise: time on the machine, and the digest."""
    other = ("wall_s", "times_real", "decisions_sha256")
    return {name: value for name, value in report.as_dict().items() if name not in other}


async def test_hindsight_tells_the_figures_of_the_run(tmp_path: Path) -> None:
    recording = a_recording(tmp_path)
    engine = Remembering(recording.town)
    told = replay(engine, recording.readings(BEGINS, ENDS), begins=BEGINS, ends=ENDS)
    seen = await judge(await stored(engine, recording), recording.town, BEGINS, ENDS)
    assert figures(seen) == figures(told)
    assert told.readings == 48
    assert (told.alerts, told.cases) == (2, 1)
    assert told.sign_changes > 2
    assert told.forecast["60"].pairs > 0


async def test_the_digest_is_that_of_the_journals_lines_in_their_order(tmp_path: Path) -> None:
    recording = a_recording(tmp_path)
    engine = Remembering(recording.town)
    replay(engine, recording.readings(BEGINS, ENDS), begins=BEGINS, ends=ENDS)
    seen = await judge(await stored(engine, recording), recording.town, BEGINS, ENDS)
    lines = "".join(f"{digest(decisions)}\n" for decisions in engine.decided)
    assert seen.decisions_sha256 == sha256(lines.encode()).hexdigest()
    assert seen.decisions == len(engine.decided) == 1200


async def test_only_the_stretch_that_was_asked_for_counts(tmp_path: Path) -> None:
    recording = a_recording(tmp_path)
    engine = Remembering(recording.town)
    replay(engine, recording.readings(BEGINS, ENDS), begins=BEGINS, ends=ENDS)
    seen = await judge(await stored(engine, recording), recording.town, BEGINS, BEGINS + timedelta(minutes=10))
    assert (seen.decisions, seen.readings, seen.simulated_s) == (120, 6, 600.0)
    assert seen.forecast["30"].pairs == 0
