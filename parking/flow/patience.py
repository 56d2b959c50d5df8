"""Faults are normal: what to do while the store or the broker is away."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from parking.domain.errors import EdgeDown

log = logging.getLogger(__name__)

T = TypeVar("T")

FIRST_WAIT_S = 0.2
LONGEST_WAIT_S = 5.0
"""A database that is back is noticed within this; machine time, as nobody on the street waits for it."""


async def patiently(act: Callable[[], Awaitable[T]]) -> T:
    """Do it until it works: wait a little longer after each EdgeDown, and say so once."""
    wait_s = FIRST_WAIT_S
    while True:
        try:
            return await act()
        except EdgeDown as trouble:
            if wait_s == FIRST_WAIT_S:
                log.warning("waiting: %s", trouble)
        await asyncio.sleep(wait_s)
        wait_s = min(2 * wait_s, LONGEST_WAIT_S)
