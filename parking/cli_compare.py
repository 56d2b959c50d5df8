"""`parking replay --compare A B`: where two recordings part, why, and what came of it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final
from unicodedata import east_asian_width

import msgspec

from parking.cli_sim_table import LABELS as MEASURES
from parking.recording.compare import Counts, compare
from parking.recording.differ import Difference
from parking.recording.nouns import Source
from parking.recording.run import RecordedRun
from parking.recording.stands import Kind

SHOWN: Final = 8
"""Differences of the first tick that a person is shown; JSON has them all."""
KINDS: Final[Mapping[Kind, str]] = {
    Kind.SIGNS: "诱导屏 signs",
    Kind.ALERTS: "报警 alerts",
    Kind.ROADS: "路段 roads",
    Kind.LOTS: "停车场 lots",
    Kind.REASONS: "理由 reasons",
    Kind.ESTIMATES: "占用估计 estimates",
    Kind.FORECASTS: "预测 forecasts",
}
FIGURES: Final = {
    "sign_changes": "屏变化 sign changes",
    "alerts": "报警 alerts",
    "cases": "应立案 cases",
    "readings": "读数 readings",
    "forecast_30_mae": "预测误差 forecast 30 min, %",
    "forecast_60_mae": "预测误差 forecast 60 min, %",
    **MEASURES,
}


def compare_files(first: Path, second: Path) -> dict[str, object]:
    """The one document that `--json` prints."""
    a, b = RecordedRun(first), RecordedRun(second)
    found = compare(a, b)
    return {
        "identical": found.is_identical,
        "a": _run(a),
        "b": _run(b),
        "ticks": found.ticks,
        "only_a": found.only_a,
        "only_b": found.only_b,
        "different_ticks": found.decisions.ticks,
        "first_different_at": _at(a, found.decisions),
        "first": _difference(found.first[0]) if found.first else None,
        "at_that_tick": [_difference(one) for one in found.first],
        "earlier_behind_it": None if found.before is None else _difference(found.before),
        "settings": {name: {"a": pair[0], "b": pair[1]} for name, pair in found.settings.items()},
        "inputs": {"different_ticks": found.inputs.ticks, "first_at": _at(a, found.inputs)},
        "by_kind": {
            kind.value: {"different_ticks": counts.ticks, "first_at": _at(a, counts)}
            for kind, counts in found.kinds.items()
        },
        "measures": {name: _pair(*pair) for name, pair in found.measures.items()},
        "as_recorded": found.agrees,
        "open_loop": Source.REPLAY in (a.header.origin.source, b.header.origin.source),
    }


def told(result: Mapping[str, Any]) -> str:
    """The same for people."""
    return "\n".join(_lines(result))


def _lines(result: Mapping[str, Any]) -> Iterator[str]:
    yield from (f"{side}  {_named(result[side.lower()])}" for side in "AB")
    yield ""
    if result["identical"]:
        yield f"相同 · identical: {result['ticks']} 次决策逐字节相同 decisions, the same to the byte"
        yield from (
            f"  阈值 threshold {name}: A {pair['a']}  B {pair['b']}，未改变任何决策 changed no decision"
            for name, pair in result["settings"].items()
        )
        return
    yield from _first(result)
    yield from _why(result)
    yield from _counts(result)
    yield from _measures(result)


def _first(result: Mapping[str, Any]) -> Iterator[str]:
    yield f"不同 · different: {result['different_ticks']}/{result['ticks']} 次决策 decisions"
    for side in "ab":
        if result[f"only_{side}"]:
            yield f"仅 {side.upper()} 有 · only in {side.upper()}: {result[f'only_{side}']} 次 ticks"
    one = result["first"]
    if one is None:
        return
    yield ""
    yield f"首个不同 · first difference: {one['at']}"
    for one in result["at_that_tick"][:SHOWN]:
        yield from _said(one)
    if (more := len(result["at_that_tick"]) - SHOWN) > 0:
        yield f"  … 另有 {more} 处 more at the same instant"
    if (before := result["earlier_behind_it"]) is not None:
        yield f"在此之前仅背后不同 · before that only behind it, from {before['at']}:"
        yield from _said(before)
    if not result["as_recorded"]:
        yield "注意：本程序在此处的决策与录制时不同 · note: this program decides there otherwise than was recorded"


def _said(one: Mapping[str, Any]) -> Iterator[str]:
    line = "" if one["line"] is None else f" 第{one['line']}行 line {one['line']}"
    yield f"  {KINDS[Kind(one['kind'])]}  {one['subject']} {one['name']}{line}"
    for side in "ab":
        numbers = ", ".join(f"{name} {value:g}" for name, value in one[side]["numbers"].items())
        why = f"  因 because {one[side]['why']}" if one[side]["why"] else ""
        yield f"    {side.upper()}  {one[side]['says']}{why}{f' ({numbers})' if numbers else ''}"


def _why(result: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    yield "缘由 · why"
    for name, pair in result["settings"].items():
        yield f"  阈值 threshold {name}: A {pair['a']}  B {pair['b']}"
    inputs = result["inputs"]
    if inputs["different_ticks"]:
        yield f"  输入不同 inputs differ on {inputs['different_ticks']} 次 ticks, 自 from {inputs['first_at']}"
    else:
        yield "  输入相同 the inputs are the same"
    if not result["settings"] and not inputs["different_ticks"]:
        yield f"  程序版本 program versions: A {_versions(result['a'])}  B {_versions(result['b'])}"
    if result["open_loop"]:
        yield "  开环：屏的内容不改变所记车辆的去向 open loop: what signs said sent no recorded car elsewhere"


def _counts(result: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    yield _row("不同的时长 · stands otherwise", "次 ticks", "占比 share", "首次 first")
    for kind, counts in result["by_kind"].items():
        share = f"{counts['different_ticks'] / max(1, result['ticks']):.1%}"
        yield _row("  " + KINDS[Kind(kind)], str(counts["different_ticks"]), share, (counts["first_at"] or "–")[:19])


def _measures(result: Mapping[str, Any]) -> Iterator[str]:
    if not result["measures"]:
        return
    yield ""
    yield _row("结果 · outcome", "A", "B", "B − A")
    for name, pair in result["measures"].items():
        if pair["a"] is not None or pair["b"] is not None:
            yield _row(f"  {FIGURES.get(name, name)}", *(_number(pair[key]) for key in ("a", "b", "difference")))


def _named(run: Mapping[str, Any]) -> str:
    seed = "" if run["seed"] is None else f" 种子 seed {run['seed']}"
    cut = "  录制中断 cut short" if run["cut_short"] else ""
    changes = "".join(f"  {name}={value}" for name, value in run["changes"].items())
    return (
        f"{run['file']}  {run['source']} {run['name']}{seed}  {run['begins'][:19]} – {run['ends'][:19]}{changes}{cut}"
    )


def _run(run: RecordedRun) -> dict[str, Any]:
    origin = run.header.origin
    return {
        "file": str(run.file),
        "source": origin.source.value,
        "name": origin.name,
        "seed": origin.seed,
        "changes": dict(origin.changes),
        "begins": run.town.calendar.local(run.begins).isoformat(),
        "ends": run.town.calendar.local(run.ends).isoformat(),
        "cut_short": run.is_cut_short,
        "versions": dict(run.header.versions),
    }


def _versions(run: Mapping[str, Any]) -> str:
    return f"parking {run['versions'].get('parking', '?')}"


def _at(run: RecordedRun, counts: Counts) -> str | None:
    return None if counts.first_at is None else run.town.calendar.local(counts.first_at).isoformat()


def _difference(one: Difference) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(one)
    return plain


def _pair(a: float | None, b: float | None) -> dict[str, float | None]:
    return {"a": a, "b": b, "difference": None if a is None or b is None else round(b - a, 6)}


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.6g}"


def _row(label: str, *cells: str) -> str:
    wide = sum(east_asian_width(letter) in "WF" for letter in label)
    return label.ljust(36 - wide) + "".join(_right(cell, 22) for cell in cells)


def _right(cell: str, width: int) -> str:
    return " " * max(1, width - len(cell) - sum(east_asian_width(letter) in "WF" for letter in cell)) + cell
