"""Once a day: fit the forecast's coefficients from stored history, outside the loop, and hand them to the engine."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, time, timedelta

from parking.domain.errors import EdgeDown, TooFewSlots
from parking.domain.inputs import ModelFitted
from parking.domain.occupancy import Occupancy
from parking.domain.town import Town
from parking.flow.patience import patiently
from parking.ports import Clock, Histories, Intake, Kept

log = logging.getLogger(__name__)

FIT_AT = time(3, 40)
"""Local time: the day's quietest hour."""

HISTORY = timedelta(days=70)
"""Ten weeks hold every kind of day often enough and fit in memory."""

LEAST_HISTORY = timedelta(days=2)

FitFunction = Callable[[Town, Sequence[Occupancy], datetime], Awaitable[ModelFitted]]
"""Runs in another process: the town, its stored slots, and the instant nothing later than which was used."""


class Fit:
    """Fits at the start when there is history, then every night."""

    def __init__(
        self,
        town: Town,
        *,
        clock: Clock,
        histories: Histories,
        intake: Intake,
        offer: Callable[[Kept], None],
        fit: FitFunction,
    ) -> None:
        self._town = town
        self._clock = clock
        self._histories = histories
        self._intake = intake
        self._offer = offer
        self._fit = fit
        self.fitted_at: datetime | None = None

    async def run(self) -> None:
        """Fit now and then every night, for ever."""
        while True:
            await self.once()
            await self._clock.sleep_until(self._next_night())

    async def once(self) -> bool:
        """Fit from what is stored; False when there is too little."""
        now = self._clock.now()
        slots = await patiently(lambda: self._histories.lot_slots(now - HISTORY, now))
        if not slots or now - slots[0].at < LEAST_HISTORY:
            log.info("too little history to fit the forecast; it learns as it goes")
            return False
        try:
            fitted = await self._fit(self._town, slots, now)
        except (TooFewSlots, EdgeDown) as trouble:
            log.warning("forecast not fitted, the old coefficients stay: %s", trouble)
            return False
        kept = await patiently(lambda: self._intake.keep(others=(fitted,)))
        if kept is not None:
            self._offer(kept)
        self.fitted_at = now
        log.info("forecast fitted from %d slots", len(slots))
        return True

    def _next_night(self) -> datetime:
        local = self._town.calendar.local(self._clock.now())
        night = datetime.combine(local.date(), FIT_AT, local.tzinfo)
        return night if night > local else night + timedelta(days=1)
