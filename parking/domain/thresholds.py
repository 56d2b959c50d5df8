"""Laws between thresholds, and thresholds changed by name: `signs.full_enter_share=0.05`."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from difflib import get_close_matches
from math import isfinite
from typing import Any, Final

from parking.domain.errors import BadSettings
from parking.domain.settings import Settings

AHEAD: Final = (
    ("signs.free_leave_share", "signs.free_enter_share"),
    ("signs.full_enter_share", "signs.full_leave_share"),
    ("signs.full_enter_bays", "signs.full_leave_bays"),
    ("signs.renew_s", "signs.valid_s"),
    ("estimate.degraded_sd_share", "estimate.unknown_sd_share"),
    ("alerts.grade_iii_severe_min", "alerts.grade_ii_severe_min"),
    ("alerts.grade_ii_severe_min", "alerts.grade_i_severe_min"),
    ("alerts.grade_ii_queue_m", "alerts.grade_i_queue_m"),
)
"""Pairs whose first must stay below the second: without the gap a sign flaps, or a grade can never come."""

MEDIAN: Final = 0.5
"""The quantile that is the point forecast; none can do without it."""
NEAR: Final = 3
"""Names offered for one that is unknown."""


def flat(settings: Settings) -> dict[str, Any]:
    """Every threshold by its dotted name, in the order of the settings."""
    return dict(_flat("", settings))


def crossings(settings: Settings) -> tuple[str, ...]:
    """Pairs of thresholds that stand in the wrong order, in words; none when all is well."""
    value = flat(settings)
    return tuple(f"{low} must be below {high}" for low, high in AHEAD if value[low] >= value[high])


def differences(one: Settings, other: Settings) -> dict[str, tuple[Any, Any]]:
    """Thresholds that differ, by name, each as it is in the one and in the other."""
    ours, theirs = flat(one), flat(other)
    return {name: (ours[name], theirs[name]) for name in ours if ours[name] != theirs[name]}


def read_changes(words: Iterable[str]) -> dict[str, Any]:
    """Changes from words such as `signs.calm_s=300` or `forecast.horizons_min=[15,30,60]`.

    Raises:
        BadSettings: with every word that names no threshold or gives it no fitting value, and what would fit.
    """
    known, changes, problems = flat(Settings()), dict[str, Any](), list[str]()
    for word in words:
        name, _, text = word.partition("=")
        try:
            changes[name] = _read(name.strip(), text.strip(), known)
        except ValueError as trouble:
            problems.append(f"--set {word}: {trouble}")
    if problems:
        raise BadSettings(tuple(problems))
    return changes


def changed(settings: Settings, changes: Mapping[str, Any]) -> Settings:
    """The settings with these thresholds, as `read_changes` gives them, instead of their own.

    Thresholds may then cross: whoever tries them out tells so by `crossings`.
    """
    other = settings
    for name, value in changes.items():
        part, _, field = name.rpartition(".")
        other = replace(other, **({part: replace(getattr(other, part), **{field: value})} if part else {field: value}))
    return other


def _flat(before: str, value: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 -- a threshold of any type
    for field in fields(value):
        inner = getattr(value, field.name)
        if is_dataclass(inner):
            yield from _flat(f"{before}{field.name}.", inner)
        else:
            yield f"{before}{field.name}", inner


def _read(name: str, text: str, known: Mapping[str, Any]) -> Any:  # noqa: ANN401 -- a threshold of any type
    if name not in known:
        raise ValueError(_unknown(name, known))
    try:
        value = json.loads(text)
    except ValueError:
        value = None
    default = known[name]
    found = _as(default, value)
    if found is None:
        raise ValueError(f"{text!r} does not fit; write it like {json.dumps(default)}")
    if (trouble := _out_of_bounds(name, found)) is not None:
        raise ValueError(trouble)
    return found


def _unknown(name: str, known: Mapping[str, Any]) -> str:
    ends = {one.rpartition(".")[2]: one for one in known}
    near = get_close_matches(name, known, NEAR, 0.5) or [
        ends[end] for end in get_close_matches(name.rpartition(".")[2], ends, NEAR, 0.5)
    ]
    return f"no such threshold; {'did you mean ' + ', '.join(near) if near else 'see `parking config schema`'}?"


def _as(default: Any, value: Any) -> Any:  # noqa: ANN401 -- a threshold of any type
    """The value in the default's own type, or None when it does not fit."""
    if isinstance(default, tuple):
        if not isinstance(value, list) or not value or any(_as(default[0], one) is None for one in value):
            return None
        return tuple(_as(default[0], one) for one in value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(default, int):
        return value if isinstance(value, int) else None
    return float(value) if isfinite(value) else None


def _out_of_bounds(name: str, value: Any) -> str | None:  # noqa: ANN401 -- a threshold of any type
    values = value if isinstance(value, tuple) else (value,)
    if any(one < 0 for one in values):
        return f"{value} is below 0"
    if name.endswith(("_share", "_p")) and any(one > 1 for one in values):
        return f"{value} is more than 1; write a share, such as 0.05"
    if name == "forecast.quantiles" and (
        MEDIAN not in values or list(values) != sorted(set(values)) or values[-1] >= 1
    ):
        return f"{list(value)}: quantiles grow between 0 and 1 and hold 0.5"
    if name == "forecast.horizons_min" and (list(values) != sorted(set(values)) or values[0] < 1):
        return f"{list(value)}: horizons grow from 1 minute on"
    wanted = {"roads.level_ratios": 4, "roads.on_cycles": 2}.get(name)
    if wanted is not None and len(values) != wanted:
        return f"{list(value)}: give {wanted} numbers"
    return f"{value} is no length of time" if name == "forecast.step_min" and value < 1 else None
