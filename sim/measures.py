"""Measures of one run, and what several seeds say together. Shares and means over nobody are None, never 0.

What each measure means is said in `Journey` and `Tally`; here they only become numbers under the names others rely on.
"""

from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean, stdev
from typing import Final, TypeAlias

from sim.journeys import Journey
from sim.tally import Tally

Measures: TypeAlias = dict[str, float | None]
BySeed: TypeAlias = Sequence[float | None]

DIGITS: Final = 6


def measure(journeys: Sequence[Journey], tally: Tally, step_s: float) -> Measures:
    """All measures of one run.

    Args:
        journeys: of everybody who set out while the run was measured.
        tally: looks at equal steps over the same time.
        step_s: seconds from one look to the next.
    """
    hours = tally.looks * step_s / 3600
    search = [one.search_s for one in journeys]
    found = {
        "search_s_mean": mean(search),
        "search_s_p95": percentile(search, 0.95),
        "after_first_lot_s_mean": mean(one.after_first_lot_s for one in journeys),
        "failures_per_driver": mean(one.failures for one in journeys),
        "cruising_km_mean": mean(one.detour_m / 1000 for one in journeys),
        "walk_m_mean": mean(one.walk_m for one in journeys if one.walk_m is not None),
        "not_parked_share": mean(not one.has_parked for one in journeys),
        "door_to_door_s_mean": mean(one.door_to_door_s for one in journeys),
        "queued_car_min": tally.queued * step_s / 60,
        "longest_queue_cars": float(tally.longest),
        "spillback_min": tally.spilled * step_s / 60,
        "jammed_section_min": tally.jammed * step_s / 60,
        "followed_to_full_share": ratio(sum(one.misled for one in journeys), sum(one.guided for one in journeys)),
        "changes_per_lot_hour": ratio(tally.changes, tally.panels * hours),
        "occupancy_mae_share": ratio(tally.errors, tally.beliefs),
    }
    return rounded(found)


def rounded(found: Mapping[str, float | None]) -> Measures:
    """To as many digits as a document tells."""
    return {key: _rounded(value) for key, value in found.items()}


def mean(values: Iterable[float]) -> float | None:
    """Mean; None of nothing."""
    known = list(values)
    return fmean(known) if known else None


def percentile(values: Sequence[float], share: float) -> float | None:
    """The smallest value that at least this share of all does not exceed; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


def ratio(part: float | None, whole: float | None) -> float | None:
    """part / whole; None when either is unknown or the whole is nothing."""
    return None if part is None or not whole else part / whole


def together(by_seed: BySeed) -> dict[str, object]:
    """Mean and sample deviation over seeds; None when a seed has no value, or a deviation has but one."""
    known = [value for value in by_seed if value is not None]
    is_whole = bool(known) and len(known) == len(by_seed)
    return {
        "mean": _rounded(fmean(known)) if is_whole else None,
        "sd": _rounded(stdev(known)) if is_whole and len(known) > 1 else None,
        "by_seed": list(by_seed),
    }


def paired(one: Mapping[str, BySeed], other: Mapping[str, BySeed]) -> dict[str, dict[str, object]]:
    """One policy's measures over another's, seed by seed: the same drivers met both."""
    return {key: _ratios(values, other[key]) for key, values in one.items()}


def _ratios(one: BySeed, other: BySeed) -> dict[str, object]:
    ratios = [_rounded(ratio(a, b)) for a, b in zip(one, other, strict=True)]
    return {"ratio_mean": together(ratios)["mean"], "ratio_by_seed": ratios}


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)
