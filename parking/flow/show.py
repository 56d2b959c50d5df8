"""Guidance to signs: each sign gets the newest, never a queue of old ones; a slow sign holds up nobody."""

import asyncio
import logging
from collections.abc import Mapping, Sequence

from parking.domain.errors import SignDown
from parking.domain.guidance import Guidance
from parking.domain.ids import SignId
from parking.ports import SignDriver

log = logging.getLogger(__name__)

AT_ONCE = 64
"""Signs told side by side."""

LONGEST_S = 5.0
"""Machine seconds a driver may take for one sign before it counts as down; the next guidance tries again."""


class Show:
    """Newest-wins mailboxes, one per sign, and the loop that empties them."""

    def __init__(self, drivers: Mapping[SignId, SignDriver], *, epoch: int = 0) -> None:
        self._drivers = drivers
        self.epoch = epoch
        """Of the ownership under which signs are told; it only grows."""
        self._newest: dict[SignId, Guidance] = {}
        self._busy: set[SignId] = set()
        self._waiting = asyncio.Event()
        self._room = asyncio.Semaphore(AT_ONCE)
        self.last: dict[SignId, Guidance] = {}
        """What each sign was told last."""
        self.failed = 0
        """Hand-overs that a driver refused or that took too long."""

    def offer(self, guidance: Sequence[Guidance]) -> None:
        """Tell these signs soon; older guidance still waiting for the same sign is forgotten."""
        self._newest.update((one.sign, one) for one in guidance)
        self._waiting.set()

    async def run(self) -> None:
        """Empty the mailboxes for ever."""
        async with asyncio.TaskGroup() as tasks:
            while True:
                await self._waiting.wait()
                self._waiting.clear()
                for sign in self._newest.keys() - self._busy:
                    self._busy.add(sign)
                    tasks.create_task(self._serve(sign))

    async def _serve(self, sign: SignId) -> None:
        """Tell one sign until it knows the newest."""
        try:
            while (guidance := self._newest.pop(sign, None)) is not None:
                await self._tell(guidance)
        finally:
            self._busy.discard(sign)

    async def neutral(self) -> None:
        """Make every sign that was told something say nothing, at once; a sign that fails ends by its `until`."""
        async with asyncio.TaskGroup() as tasks:
            for guidance in self.last.values():
                tasks.create_task(self._tell(guidance, neutral=True))

    async def _tell(self, guidance: Guidance, *, neutral: bool = False) -> None:
        driver = self._drivers[guidance.sign]
        try:
            async with self._room, asyncio.timeout(LONGEST_S):
                await (driver.neutral if neutral else driver.show)(guidance, self.epoch)
            self.last[guidance.sign] = guidance
        except (SignDown, TimeoutError) as trouble:
            self.failed += 1
            log.warning("sign %s was not told: %s", guidance.sign, trouble, extra={"sign": guidance.sign})
