"""`parking replay`: recorded occupancy through the engine."""

import json
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, date, datetime, time, timedelta
from math import inf
from pathlib import Path
from time import monotonic as time_s
from time import sleep
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from parking.cli_compare import compare_files, told
from parking.cli_replay_run import read_speed, replay_recording, verdict
from parking.domain.decisions import Decisions
from parking.domain.errors import BadReading, TooFewSlots
from parking.domain.inputs import Input, ModelFitted
from parking.engine import Engine
from parking.fitting import fit_columns
from parking.flow.replay import Report
from parking.flow.replay import replay as turn
from parking.recorded import Recording, read_recording
from parking.recording.nouns import Origin, Source
from parking.recording.recorder import Recorder
from parking.recording.recorder import recording as recording_of
from parking.recording.run import RecordedRun, is_recording

Progress = Callable[[datetime, Report], None]

FASTEST_OVER_WIRES = 60.0
"""Beyond it a second late is a minute of silence."""


def replay(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE...", help="录制文件，或 CSV 或其 gzip · A recording, or CSV or gzip of it"),
    ],
    begins: Annotated[str | None, typer.Option("--from", help="起 · From: local date or RFC 3339 time")] = None,
    ends: Annotated[str | None, typer.Option("--to", help="止 · To, exclusive; a date means its end")] = None,
    history: Annotated[bool, typer.Option(help="先学习此前的记录 · CSV: learn from what lies before --from")] = True,
    timezone: Annotated[
        str | None, typer.Option(help="时区，如 Europe/Berlin · CSV: the town's clock, if unknown")
    ] = None,
    wires: Annotated[
        bool, typer.Option("--wires", help="经代理与数据库 · CSV: through broker, database, signs")
    ] = False,
    speed: Annotated[
        str, typer.Option(help="倍速，1 到 max · Street seconds in a second, or max; over wires at most 60")
    ] = "max",
    data: Annotated[
        Path | None, typer.Option(help="经线路时保留数据的目录 · Over wires: keep the data in this folder")
    ] = None,
    changes: Annotated[
        list[str] | None, typer.Option("--set", help="另一阈值，如 signs.calm_s=300 · Another threshold; repeatable")
    ] = None,
    record: Annotated[Path | None, typer.Option(help="把回放录成文件 · Record the replay in this file")] = None,
    compare: Annotated[
        bool, typer.Option("--compare", help="比较两个录制文件 · Compare two recordings, A and B")
    ] = False,
    fail_if_different: Annotated[
        bool, typer.Option("--fail-if-different", help="不同则退出码 1 · Exit 1 when anything differs")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="只输出一个 JSON 文档 · One JSON document only")] = False,
) -> None:
    """把录制的运行或占用数据送入同一引擎，或比较两次运行 · Turn a recording through the engine, or compare two.

    不触及任何在用的屏、报警、案卷 · touches no live sign, alert or case. See docs/replay.md.

    decisions_sha256：不经线路取自全部决策；经线路取自日志各行的摘要 · over all decisions; with --wires over the
    digests of the journal's lines, each followed by a line feed.
    """
    if compare:
        result = _compared(files)
    elif len(files) != 1:
        raise BadReading(f"{len(files)} files: replay one at a time, or hold two against each other with --compare A B")
    elif is_recording(files[0]) or not files[0].exists():
        _refuse_of_a_recording(wires=wires, timezone=timezone, data=data)
        span = _span(begins, ends, RecordedRun(files[0]).town.calendar.timezone)
        words = tuple(changes or ())
        result = replay_recording(files[0], *span, speed=read_speed(speed), changes=words, record=record, quiet=as_json)
    else:
        if changes:
            raise BadReading("--set needs a recording: make one of the CSV with --record, then replay that")
        result = _occupancy(files[0], begins, ends, history, timezone, wires, read_speed(speed), data, record, as_json)
    text = told(result) if compare else _table(result)
    print(json.dumps(result, ensure_ascii=False) if as_json else text)
    if fail_if_different and not result.get("identical", True):
        raise typer.Exit(1)


def _compared(files: list[Path]) -> dict[str, object]:
    if len(files) != 2:
        raise BadReading(f"--compare takes two recordings, A and B; {len(files)} were given")
    return compare_files(*files)


def _refuse_of_a_recording(**given: object) -> None:
    if names := [f"--{name}" for name, value in given.items() if value]:
        raise BadReading(f"{', '.join(names)}: is for CSV files; a recording has all it needs and no wires")


def _occupancy(
    file: Path,
    begins: str | None,
    ends: str | None,
    history: bool,
    timezone: str | None,
    wires: bool,
    speed: float,
    data: Path | None,
    record: Path | None,
    quiet: bool,
) -> dict[str, object]:
    """A file of recorded occupancy."""
    recording = read_recording(file, _zone(timezone))
    first, last = _span(begins, ends, recording.timezone)
    start, end = first or recording.begins, last or recording.ends
    if start >= end or start >= recording.ends or end <= recording.begins:
        raise BadReading(f"nothing between {start} and {end}; the file holds {recording.begins} to {recording.ends}")
    if wires:
        from parking.cli_wires import replay_over_wires  # noqa: PLC0415 -- servers only where they are wanted

        if record is not None:
            raise BadReading("--record with --wires: keep its store with --data, then `parking record` that")
        if inf > speed > FASTEST_OVER_WIRES:
            raise BadReading(f"--speed {speed:g}: over wires at most {FASTEST_OVER_WIRES:g}")
        learnt = _learn(recording, start) if history else None
        over = min(speed, FASTEST_OVER_WIRES)
        return replay_over_wires(recording, start, end, speed=over, quiet=quiet, learnt=learnt, data=data)
    return _without_wires(
        recording, start, end, history=history, speed=speed, record=record, progress=_progress(start, end, quiet=quiet)
    )


def _without_wires(
    recording: Recording,
    start: datetime,
    end: datetime,
    *,
    history: bool,
    speed: float,
    record: Path | None,
    progress: Progress,
) -> dict[str, object]:
    engine = Engine(recording.town)
    fitted = _learn(recording, start) if history else None
    told_first = () if fitted is None else (fitted,)
    pace = Pace(start, speed)
    with _recorder(record, recording) as recorder:

        def hear(engine: Engine, inputs: Sequence[Input], decisions: Decisions) -> None:
            pace.wait(decisions.at)
            if recorder is not None:
                recorder.hear(engine, inputs, decisions)

        readings = recording.readings(start, end)
        report = turn(engine, readings, begins=start, ends=end, told=told_first, progress=progress, ear=hear)
        if recorder is not None:
            recorder.finish()
    return report.as_dict() | {"from": start.isoformat(), "to": end.isoformat(), "rows_refused": recording.refused}


def _recorder(record: Path | None, of: Recording) -> AbstractContextManager[Recorder | None]:
    name = str(of.town.name)
    return nullcontext() if record is None else recording_of(record, of.town, Origin(Source.OCCUPANCY, name))


class Pace:
    """Holds a replay back to a speed."""

    def __init__(self, start: datetime, speed: float) -> None:
        self._start, self._speed, self._begun_s = start, speed, time_s()

    def wait(self, at: datetime) -> None:
        """Return when this instant of the street is due."""
        due_s = self._begun_s + (at - self._start).total_seconds() / self._speed
        if (wait_s := due_s - time_s()) > 0:
            sleep(wait_s)


def _learn(recording: Recording, start: datetime) -> ModelFitted | None:
    """What the recording tells before `start`; None when that is too little."""
    times, taken = recording.slots(recording.begins, start)
    try:
        return fit_columns(recording.town, times, taken)
    except TooFewSlots:
        return None


def _zone(name: str | None) -> ZoneInfo | None:
    try:
        return None if name is None else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as trouble:
        raise BadReading(f"--timezone {name}: {trouble}; write a name such as Europe/Berlin") from None


def _span(begins: str | None, ends: str | None, zone: ZoneInfo) -> tuple[datetime | None, datetime | None]:
    return _time(begins, zone, later=False), _time(ends, zone, later=True)


def _time(given: str | None, zone: ZoneInfo, *, later: bool) -> datetime | None:
    """A local date (its start, or its end) or an instant."""
    if given is None:
        return None
    try:
        if len(given) == len("2026-05-04"):
            day = date.fromisoformat(given) + timedelta(days=1 if later else 0)
            return datetime.combine(day, time(), zone).astimezone(UTC)
        at = datetime.fromisoformat(given)
    except ValueError as trouble:
        raise BadReading(f"{given!r} is no date or time: {trouble}; write 2026-05-04 or 2026-05-04T08:00Z") from None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _progress(start: datetime, end: datetime, *, quiet: bool) -> Progress:
    def tell(at: datetime, report: Report) -> None:
        share = (at - start) / (end - start)
        rate = (at - start).total_seconds() / max(report.wall_s, 1e-9)
        print(f"\r{share:6.1%}  {at:%Y-%m-%d %H:%M} UTC  ×{rate:,.0f}", end="", file=sys.stderr, flush=True)

    return (lambda _at, _report: None) if quiet or not sys.stderr.isatty() else tell


LABELS = {
    "readings": "读数 readings",
    "lots": "停车场 lots",
    "decisions": "决策次数 decisions",
    "sign_changes": "诱导屏变化 sign changes",
    "alerts": "报警 alerts",
    "cases": "应立案 cases",
    "wall_s": "用时 wall s",
    "simulated_s": "街道时间 simulated s",
    "times_real": "倍速 times real time",
    "decisions_sha256": "决策指纹 decisions SHA-256",
}


def _table(result: dict[str, object]) -> str:
    lines = ["", *(f"{label:32}{result[key]}" for key, label in LABELS.items() if key in result)]
    scores = result.get("forecast")
    if isinstance(scores, dict):
        for minutes, score in scores.items():
            label = f"预测误差 forecast {minutes} min"
            lines.append(f"{label:32}{_share(score['mae'])}  （同现在 same as now {_share(score['same_as_now'])}）")
    if "identical" in result:
        lines.append(verdict(result))
    return "\n".join(lines)


def _share(value: float | None) -> str:
    return "无数据 no data" if value is None else f"{value:.2f} %"
