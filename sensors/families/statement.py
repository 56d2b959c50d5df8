"""What a message said of one thing, before anybody says what it means: the noun between families and profiles.

Identity of the reading it becomes is device, boot, seq, at, so that a resend changes nothing:

- LoRaWAN: boot is the device address of the session, seq the frame counter, at the network server's time of arrival;
- families without counters: boot 0; seq is made of the message's own id and of what it speaks of, or of its bytes
  where it has no id; at is the time in the message. Where there is none, at is when it came: the same message brought
  twice is then heard twice, which changes nothing, since counts and states tell how it is and not what changed.
"""

from datetime import datetime
from typing import NamedTuple

from sensors.layout_shapes import Value


class Statement(NamedTuple):
    """Values of one thing at one time."""

    key: str
    """What the sender calls the thing; empty when the message speaks of one thing only."""
    boot: int
    seq: int
    at: datetime
    """UTC."""
    values: dict[str, Value]
    bay: str = ""
    """The bay, where the message names it."""
