"""Loops of the service under one roof: each has a name, and its end is never silent."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)


async def keep(name: str, loop: Callable[[], Awaitable[None]]) -> None:
    """Run a loop that should never end by itself. A bug in it ends the process, not just the loop."""
    try:
        await loop()
    except asyncio.CancelledError:
        raise
    except BaseException:
        log.exception("%s has ended with a bug; the service stops", name)
        raise
    raise RuntimeError(f"{name} has ended by itself; the service stops")
