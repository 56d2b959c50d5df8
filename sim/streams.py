"""Separate streams of chance: what one part draws never shifts what another meets."""

from enum import IntEnum
from zlib import crc32

import numpy as np


class Purpose(IntEnum):
    """What a stream is for. Numbers are for ever: another number is another town."""

    ARRIVALS = 1
    THROUGH_TRAFFIC = 2
    ROADS = 3
    HARDWARE = 4
    PAST = 5
    FAULTS = 6
    PEOPLE = 11
    SUMO = 12
    BUILDER = 13


def stream(seed: int, purpose: Purpose, *keys: int | str) -> np.random.Generator:
    """A generator of its own for this purpose and these keys (an hour, a device): the same ones give the same draws."""
    numbers = [crc32(key.encode()) if isinstance(key, str) else key for key in keys]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, purpose, *numbers])))
