"""Messages for the world in a list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from parking.domain.tick import Message
from parking.ports import Due


@dataclass
class _Progress:
    """How far one sink is with one row."""

    attempts: int = 0
    retry_at: datetime | None = None
    arrived: bool = False


class MemoryOutbox:
    """`Outbox` in a list."""

    def __init__(self) -> None:
        self._rows: list[tuple[Message, datetime]] = []
        self._progress: dict[tuple[str, int], _Progress] = {}

    def send(self, messages: Sequence[Message], at: datetime) -> None:
        """More rows, in their order."""
        self._rows += [(message, at) for message in messages]

    async def due(self, sink: str, now: datetime, limit: int = 100) -> Sequence[Due]:
        """As `Outbox.due`."""
        found: list[Due] = []
        waiting: set[str] = set()
        for row, (message, created_at) in enumerate(self._rows, 1):
            progress = self._progress.get((sink, row), _Progress())
            if progress.arrived or message.key in waiting:
                continue
            waiting.add(message.key)
            if progress.retry_at is None or progress.retry_at <= now:
                found.append(Due(row, message, created_at, progress.attempts))
        return found[:limit]

    async def delivered(self, sink: str, row: int, now: datetime) -> None:
        """As `Outbox.delivered`."""
        self._of(sink, row).arrived = True

    async def failed(self, sink: str, row: int, retry_at: datetime, why: str) -> None:
        """As `Outbox.failed`."""
        progress = self._of(sink, row)
        progress.attempts += 1
        progress.retry_at = retry_at

    def _of(self, sink: str, row: int) -> _Progress:
        return self._progress.setdefault((sink, row), _Progress())
