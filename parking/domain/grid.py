"""The fixed grid of street time on which everything is decided."""

from datetime import UTC, datetime


def grid_after(at: datetime, step_s: int) -> datetime:
    """The first instant of the grid later than `at`; the grid counts from 1970, so every process has the same."""
    seconds = int(at.timestamp())
    return datetime.fromtimestamp(seconds - seconds % step_s + step_s, UTC)
