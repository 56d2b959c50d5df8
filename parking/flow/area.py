"""One area, one owner: hold it, become what the store says, decide; when it is lost, begin again.

A database that went away takes the lock with it. Whoever gets it next, perhaps we again, starts from the snapshot
and the journal, under a newer epoch, which signs prefer to any older one.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from parking.domain.errors import BadJournal, StoreDown
from parking.domain.settings import Settings
from parking.domain.town import Town
from parking.engine import Engine
from parking.flow.decide import Decide
from parking.flow.handover import Handover
from parking.flow.patience import FIRST_WAIT_S, LONGEST_WAIT_S
from parking.flow.present import Present
from parking.flow.show import Show
from parking.ports import Clock, Stores

log = logging.getLogger(__name__)

BACKLOG_S: Final = 0.5
"""Machine seconds in which a restarted service hears what waited for it, before it decides."""


class Area:
    """The loop that owns and decides."""

    def __init__(
        self,
        town: Town,
        thresholds: Settings,
        *,
        clock: Clock,
        stores: Stores,
        handover: Handover,
        present: Present,
        show: Show,
        wake_outbox: Callable[[], None],
    ) -> None:
        self._town = town
        self._thresholds = thresholds
        self._clock = clock
        self._stores = stores
        self._handover = handover
        self._present = present
        self._show = show
        self._wake_outbox = wake_outbox
        self.ticks = 0
        """Ticks decided and committed since the start, under any epoch."""
        self.stands = asyncio.Event()
        """The present holds what the store knows: open alerts and cases among it."""
        self.ticked = asyncio.Event()
        """The first tick is committed."""
        self._ticked_s = 0.0

    async def run(self) -> None:
        """Own and decide for ever."""
        wait_s = FIRST_WAIT_S
        while True:
            ticks = self.ticks
            try:
                async with self._stores.ownership.own(self._town.id) as epoch:
                    await self._decide(epoch)
            except StoreDown as trouble:
                log.warning("not deciding: %s", trouble)
            await asyncio.sleep(wait_s)
            wait_s = FIRST_WAIT_S if self.ticks > ticks else min(2 * wait_s, LONGEST_WAIT_S)

    async def _decide(self, epoch: int) -> None:
        decide = await self._recovered()
        await self._show_what_stands()
        self.stands.set()
        self._show.epoch = epoch
        await asyncio.sleep(BACKLOG_S)
        await decide.set_thresholds(self._thresholds, self._stores.intake)
        await decide.run()

    async def _recovered(self) -> Decide:
        """An engine that knows what the store knows."""
        decide = self._fresh()
        try:
            ticks = await decide.recover()
        except BadJournal as trouble:
            log.warning("starting afresh: %s", trouble)
            decide = self._fresh()
            marks = await self._stores.ledger.ticks_after(None)
            decide.position = marks[-1].position if marks else 0
        else:
            log.info("recovered: %d ticks decided again, input log at %d", ticks, decide.position)
        return decide

    def _fresh(self) -> Decide:
        return Decide(
            Engine(self._town),
            clock=self._clock,
            handover=self._handover,
            stores=self._stores,
            present=self._present,
            show=self._show.offer,
            wake_outbox=self._wake_outbox,
            count=self._count,
        )

    async def _show_what_stands(self) -> None:
        """Cases and confirmations are in the store, not in the engine."""
        for case in await self._stores.cases.list_cases(open_only=True):
            self._present.put_case(case)
        for shown in await self._stores.confirmations.newest_shown():
            self._present.confirm(shown)

    def since_tick_s(self) -> float:
        """Machine seconds since the last tick, by a clock nobody sets back."""
        return asyncio.get_running_loop().time() - self._ticked_s

    def _count(self) -> None:
        self.ticks += 1
        self._ticked_s = asyncio.get_running_loop().time()
        self.ticked.set()
