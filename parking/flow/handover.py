"""Committed entries on their way from collect to decide, without reading their rows back from the database.

Only what follows the watermark without a gap is taken from memory; everything else is read from the log, which
alone is the truth. So another collector, a restart or an overflow cost a query, never an input.
"""

from collections import deque
from collections.abc import Sequence

from parking.ports import Intake, Kept

ROOM = 1_000
"""Entries that may wait here; past it the oldest are forgotten and read from the log."""


class Handover:
    """What the engine has not taken yet."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._waiting: deque[Kept] = deque(maxlen=ROOM)

    def offer(self, kept: Kept) -> None:
        """This entry is committed."""
        self._waiting.append(kept)

    async def after(self, position: int) -> Sequence[Kept]:
        """Every committed entry past `position`, oldest first. Raises StoreDown."""
        entries: list[Kept] = []
        while self._waiting and self._waiting[0].position <= position + 1:
            kept = self._waiting.popleft()
            if kept.position == position + 1:
                entries.append(kept)
                position = kept.position
        entries.extend(await self._intake.after(position))
        return entries
