"""Five levels of a section by its speed against its own free flow, with a dead band on the way back."""

from collections.abc import Sequence

from parking.domain.roadstate import ROAD_LEVELS, RoadLevel


def level_of(ratio: float, ratios: Sequence[float], dead_band: float, before: RoadLevel) -> RoadLevel:
    """The level at a speed ratio. Worse counts at once; better only when the ratio is clear of the limit.

    Args:
        ratio: speed over free flow, unit 1.
        ratios: limits, falling: free lies above the first, severe at or below the last.
        dead_band: how far above a limit the ratio must be for the level to become better.
        before: the level until now.
    """
    now = _code(ratio, ratios)
    if before is not RoadLevel.UNKNOWN:
        now = max(now, min(ROAD_LEVELS.index(before), _code(ratio - dead_band, ratios)))
    return ROAD_LEVELS[now]


def _code(ratio: float, ratios: Sequence[float]) -> int:
    return sum(ratio <= limit for limit in ratios)


def at_least(level: RoadLevel, least: RoadLevel) -> bool:
    """Whether a known level is `least` or worse."""
    return level is not RoadLevel.UNKNOWN and ROAD_LEVELS.index(level) >= ROAD_LEVELS.index(least)
