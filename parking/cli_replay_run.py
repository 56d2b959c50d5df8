"""`parking replay` of a recorded run: at any speed, by keys on a terminal, under other thresholds."""

import sys
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from math import inf
from pathlib import Path
from typing import Any, Final

from parking.cli_replay_keys import Watcher, terminal
from parking.domain.errors import BadRecording
from parking.domain.settings import Settings
from parking.domain.thresholds import crossings, read_changes
from parking.recording.again import Checked
from parking.recording.nouns import Origin, Source
from parking.recording.player import INSTANT, Player
from parking.recording.recorder import Recorder, recording
from parking.recording.run import RecordedRun

OPEN_LOOP: Final = (
    "开环：记录中的车辆看到的是当时的屏，换一组阈值不改变它们的去向；诱导屏按新指令确认。\n"
    "open loop: the recording's cars saw the signs of then, other thresholds send none of them elsewhere;"
    " signs confirm what they are told now."
)


def replay_recording(
    file: Path,
    begins: datetime | None,
    ends: datetime | None,
    *,
    speed: float,
    changes: tuple[str, ...],
    record: Path | None,
    quiet: bool,
) -> dict[str, object]:
    """Play [begins, ends) of a recording; what it came to, and whether it was the same as the first time.

    Raises:
        BadRecording: the file is no recording, is damaged, or holds nothing of that time.
        BadSettings: a threshold that does not exist, or a value that does not fit it.
    """
    wanted = read_changes(changes)
    run = RecordedRun(file)
    start, end = begins or run.begins, ends or run.ends + INSTANT
    if start >= end or start > run.ends or end <= run.begins:
        raise BadRecording(f"nothing between {start} and {end}; {file} holds {run.begins} to {run.ends}")
    if record is not None and record.absolute() == file.absolute():
        raise BadRecording(f"--record {record}: is what is replayed; give another name")
    player = Player(run, wanted, begins)
    _warn(run, player, wanted)
    player.seek(start - INSTANT)
    with _recorder(record, run, wanted, player) as recorder:
        if recorder is not None:
            recorder.begin_from(player.engine)
        checked = Checked(player)
        with terminal(quiet=quiet) as keys:
            Watcher(player, checked, start, end, keys, recorder).run(speed)
        if recorder is not None:
            recorder.finish()
    return checked.as_dict(start, end) | ({"set": wanted} if wanted else {})


def read_speed(text: str) -> float:
    """Street seconds in a second; `max` is as fast as it goes."""
    try:
        speed = inf if text == "max" else float(text.removeprefix("×").removeprefix("x"))
    except ValueError:
        speed = 0.0
    if not speed > 0:
        raise BadRecording(f"--speed {text}: write a number above 0, such as 60, or max")
    return speed


def _warn(run: RecordedRun, player: Player, changes: Mapping[str, Any]) -> None:
    if run.is_cut_short:
        text = f"录制中断，止于 {run.ends:%Y-%m-%d %H:%M:%S} UTC · cut short: the recorder ended there"
        print(f"{text}, nothing later is known", file=sys.stderr)
    if changes:
        print(OPEN_LOOP, file=sys.stderr)
        for one in crossings(player.engine.settings):
            print(f"注意 · note: {one}; 屏可能反复变化 · signs may flap", file=sys.stderr)


def _recorder(
    record: Path | None, run: RecordedRun, changes: Mapping[str, Any], player: Player
) -> AbstractContextManager[Recorder | None]:
    if record is None:
        return nullcontext()
    of = run.header.origin
    origin = Origin(Source.REPLAY, of.name, of.seed, of.policy, of.scenario, {**of.changes, **changes})
    settings: Settings = player.engine.settings
    return recording(record, run.town, origin, settings)


def verdict(result: Mapping[str, object]) -> str:
    """In words: the same as before, or where not."""
    if result.get("set"):
        changes = ", ".join(f"{name}={value}" for name, value in dict(result["set"]).items())  # type: ignore[call-overload]  # a mapping
        if result["identical"]:
            return f"相同 · identical: {changes} 未改变任何决策 changed no decision"
        share = f"{result['different']}/{result['decisions']}"
        return (
            f"不同 · different: {changes}; {share} 次决策不同 ticks differ, 首个 first {result['first_different_at']}"
        )
    if result["identical"]:
        return "相同 · identical: 每次决策与首次逐字节相同 every decision is the same to the byte"
    return (
        f"不同 · different: {result['different']} 次 ticks, 首个 first {result['first_different_at']}; "
        "是另一版程序录的吗 was it recorded by another version?"
    )
