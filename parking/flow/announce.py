"""Lot states to whoever listens on MQTT: retained, newest wins, never a queue."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from parking.domain.errors import BrokerDown
from parking.domain.ids import LotId
from parking.flow.lot_said import say_lot
from parking.flow.present import Change, Present, What

log = logging.getLogger(__name__)

LEAST_PAUSE_S = 1.0
"""Machine seconds between two states of one lot: a phone page needs no more."""

Publish = Callable[[str, bytes, bool], Awaitable[None]]
"""topic below the root, payload, retain; raises BrokerDown."""


class Announce:
    """Publishes `lots/{lot}/state` after changes."""

    def __init__(self, present: Present, publish: Publish) -> None:
        self._present = present
        self._publish = publish
        self._changed: dict[LotId, None] = {}
        self._waiting = asyncio.Event()
        present.listen(self._hear)

    def _hear(self, change: Change) -> None:
        if change.what is What.LOT:
            self._changed[LotId(change.id)] = None
            self._waiting.set()

    async def run(self) -> None:
        """Publish what has changed, about once a second, for ever."""
        while True:
            await self._waiting.wait()
            self._waiting.clear()
            changed, self._changed = self._changed, {}
            for lot in changed:
                if not await self._say(lot):
                    self._changed.update(dict.fromkeys(changed))
                    self._waiting.set()
                    break
            await asyncio.sleep(LEAST_PAUSE_S)

    async def _say(self, lot: LotId) -> bool:
        state = self._present.lots.get(lot)
        if state is None:
            return True
        try:
            await self._publish(f"lots/{lot}/state", say_lot(state, self._present.forecasts.get(lot)), True)
        except BrokerDown as trouble:
            log.debug("lot states wait: %s", trouble)
            return False
        return True
