"""EDGE. Signs that speak our own MQTT (`docs/wire.md`): wanted content is retained, what is shown comes back."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import msgspec

from parking.domain.errors import BrokerDown, SignDown
from parking.domain.guidance import Colour, Guidance, Row, State
from parking.domain.ids import SignId
from parking.ports import Clock

Publish = Callable[[str, bytes, bool, float | None], Awaitable[None]]
"""topic below the root, payload, retain, expiry in machine seconds; raises BrokerDown."""

NEUTRAL_TEXT = "--"


class Show(msgspec.Struct):
    """A `show` message, field by field as the page says."""

    sign: SignId
    epoch: int
    sequence: int
    at: datetime
    until: datetime
    valid_s: float
    rows: Sequence[Row]


class MqttSignDriver:
    """Hands guidance to the broker; the sign obeys the newest epoch and sequence."""

    def __init__(self, publish: Publish, clock: Clock, speed: float = 1.0) -> None:
        """`speed`: street seconds in a machine second; expiry and the sign's stopwatch run on machine time."""
        self._publish = publish
        self._clock = clock
        self._speed = speed

    async def show(self, guidance: Guidance, epoch: int) -> None:
        """Return once the broker has it. Raises SignDown when it is away or the guidance has ended meanwhile."""
        left_s = (guidance.until - self._clock.now()).total_seconds() / self._speed
        if left_s <= 0:
            raise SignDown(f"{guidance.sign}: guidance {guidance.sequence} ended before it could be sent")
        show = Show(
            guidance.sign, epoch, guidance.sequence, guidance.at, guidance.until, round(left_s, 3), guidance.rows
        )
        await self._send(show, left_s)

    async def neutral(self, guidance: Guidance, epoch: int) -> None:
        """Make the sign say nothing about free bays, at once; newer than `guidance`, older than what follows it."""
        now = self._clock.now()
        rows = [Row(row.line, State.UNKNOWN, None, NEUTRAL_TEXT, Colour.OFF) for row in guidance.rows]
        await self._send(Show(guidance.sign, epoch, guidance.sequence + 1, now, now, 0.0, rows), None)

    async def _send(self, show: Show, expiry_s: float | None) -> None:
        try:
            await self._publish(f"signs/{show.sign}/show", msgspec.json.encode(show), True, expiry_s)
        except BrokerDown as trouble:
            raise SignDown(f"{show.sign}: {trouble}") from trouble
