"""What was run, and what people changed, in lists."""

from collections.abc import Sequence
from datetime import datetime

from parking.diary import Audited, RunStart, list_audited_in
from parking.domain.inputs import Input


class MemoryDiary:
    """`Diary` in lists."""

    def __init__(self) -> None:
        self._runs: dict[RunStart, datetime | None] = {}
        self._audited: list[Audited] = []

    async def begin(self, start: RunStart) -> None:
        """As `Diary.begin`."""
        self._runs.setdefault(start, None)

    async def end(self, start: RunStart, at: datetime) -> None:
        """As `Diary.end`."""
        self._runs[start] = at

    async def list_runs(self, limit: int = 100) -> Sequence[tuple[RunStart, datetime | None]]:
        """As `Diary.list_runs`."""
        return sorted(self._runs.items(), key=lambda run: run[0].started_at, reverse=True)[:limit]

    async def list_audited(self, limit: int = 100) -> Sequence[Audited]:
        """As `Diary.list_audited`."""
        return self._audited[::-1][:limit]

    def hear(self, others: Sequence[Input]) -> None:
        """Commands among these inputs are written down with them."""
        self._audited += list_audited_in(others)
