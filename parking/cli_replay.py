"""`parking replay`: recorded occupancy through the engine."""

import json
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from parking.domain.errors import BadReading, TooFewSlots
from parking.domain.inputs import ModelFitted
from parking.engine import Engine
from parking.fitting import fit_columns
from parking.flow.replay import Report
from parking.flow.replay import replay as turn
from parking.recorded import Recording, read_recording

Progress = Callable[[datetime, Report], None]


def replay(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="CSV 或 gzip · CSV or gzip of it")],
    begins: Annotated[str | None, typer.Option("--from", help="起 · From: local date or RFC 3339 time")] = None,
    ends: Annotated[str | None, typer.Option("--to", help="止 · To, exclusive; a date means its end")] = None,
    history: Annotated[bool, typer.Option(help="先学习此前的记录 · Learn from what lies before --from")] = True,
    timezone: Annotated[str | None, typer.Option(help="时区，如 Europe/Berlin · The town's clock, if unknown")] = None,
    wires: Annotated[bool, typer.Option("--wires", help="经代理与数据库 · Through broker, database, signs")] = False,
    speed: Annotated[float, typer.Option(min=0.1, max=60, help="经线路时的倍速 · Speed over wires")] = 60.0,
    data: Annotated[
        Path | None, typer.Option(help="经线路时保留数据的目录 · Over wires: keep the data in this folder")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="只输出一个 JSON 文档 · One JSON document only")] = False,
) -> None:
    """把记录的占用数据送入同一引擎 · Turn recorded occupancy through the same engine.

    decisions_sha256：不经线路取自全部决策；经线路取自日志各行的摘要 · over all decisions; with --wires over the
    digests of the journal's lines, each followed by a line feed.
    """
    recording = read_recording(file, _zone(timezone))
    start = _time(begins, recording.timezone, later=False) or recording.begins
    end = _time(ends, recording.timezone, later=True) or recording.ends
    if start >= end or start >= recording.ends or end <= recording.begins:
        raise BadReading(f"nothing between {start} and {end}; the file holds {recording.begins} to {recording.ends}")
    if wires:
        from parking.cli_wires import replay_over_wires  # noqa: PLC0415 -- servers only where they are wanted

        learnt = _learn(recording, start) if history else None
        result = replay_over_wires(recording, start, end, speed=speed, quiet=as_json, learnt=learnt, data=data)
    else:
        result = _without_wires(recording, start, end, history=history, progress=_progress(start, end, quiet=as_json))
    print(json.dumps(result, ensure_ascii=False) if as_json else _table(result))


def _without_wires(
    recording: Recording, start: datetime, end: datetime, *, history: bool, progress: Progress
) -> dict[str, object]:
    engine = Engine(recording.town)
    if history and (fitted := _learn(recording, start)) is not None:
        engine.take((fitted,))
    result = turn(engine, recording.readings(start, end), begins=start, ends=end, progress=progress).as_dict()
    return result | {"from": start.isoformat(), "to": end.isoformat(), "rows_refused": recording.refused}


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
    return "\n".join(lines)


def _share(value: float | None) -> str:
    return "无数据 no data" if value is None else f"{value:.2f} %"
