"""Hardware between truth and system: what every device has in common, and the whole town's devices together.

Devices look at the street on whole seconds of street time only, so what they say does not depend on how fast the run
goes.
"""

from collections.abc import Iterable
from typing import Generic, Protocol, TypeVar

from sim.wire import Message, reading_message, status_message

S = TypeVar("S")
S_contra = TypeVar("S_contra", contravariant=True)
"""The street a device can look at: one of cars, or a recorded one."""

MINUTE_S = 60
HEARTBEAT_S = 30
"""A device that has said nothing for so long sends its status: proof of life."""
STATUS_S = 300
"""The retained status is renewed at least this often."""


class Mouth:
    """A device's voice: its boot, its counter, and its heartbeat."""

    def __init__(self, device: str, period_s: float, boot: int) -> None:
        self.device, self.period_s, self.boot = device, period_s, boot
        self.seq = 0
        self.status_at = float("-inf")
        self.spoke_at = float("-inf")
        self._newest: Message | None = None

    def reading(self, kind: str, at: str, **fields: object) -> dict[str, object]:
        """One reading with the next number."""
        self.seq += 1
        return {"kind": kind, "device": self.device, "boot": self.boot, "seq": self.seq, "at": at, **fields}

    def status(self, at: float, *, online: bool = True) -> Message:
        """A status with the next number."""
        self.seq += 1
        self.status_at = at
        self._newest = status_message(self.device, self.boot, self.seq, at, self.period_s, online=online)
        return self._newest

    def greeting(self, at: float) -> Message:
        """What a new connection says: the newest status once more, so that connections change no number."""
        return self.status(at) if self._newest is None else self._newest

    def reboot(self, at: int) -> None:
        """Begin to count anew; the second of booting is the new boot."""
        self.boot, self.seq = at, 0
        self.greet_again()

    def greet_again(self) -> None:
        """Say its status at the next look, as after a connection."""
        self.status_at = self.spoke_at = float("-inf")

    def will(self, at: float) -> Message:
        """What the broker says when the line breaks."""
        return status_message(self.device, self.boot, 0, at, self.period_s, online=False)

    def say(self, at: int, readings: list[dict[str, object]]) -> list[Message]:
        """These readings, and a status when one is due."""
        messages = []
        if readings:
            self.spoke_at = at
            messages.append(reading_message(self.device, readings))
        if at - self.status_at >= STATUS_S or at - max(self.spoke_at, self.status_at) >= HEARTBEAT_S:
            messages.append(self.status(at))
        return messages


class Device(Protocol[S_contra]):
    """One piece of equipment."""

    mouth: Mouth
    every_s: int
    """How often it looks at the street; divides MINUTE_S."""
    phase: int

    def observe(self, street: S_contra, at: int) -> list[Message]:
        """What it says at this second of street time; called each `every_s` from `phase` on."""
        ...


class Hardware(Generic[S]):
    """All devices of a town."""

    def __init__(self, devices: Iterable[Device[S]]) -> None:
        self.devices = tuple(devices)
        self._looking = [
            [device for device in self.devices if (second - device.phase) % device.every_s == 0]
            for second in range(MINUTE_S)
        ]

    def observe(self, street: S, at: int) -> list[Message]:
        """What all devices say at this second, in the order of the registry."""
        return [message for device in self._looking[at % MINUTE_S] for message in device.observe(street, at)]

    def is_broken(self, device: str, at: float) -> bool:
        """Whether something is wrong with that device now: sound hardware never breaks."""
        del device, at
        return False

    def mend(self, device: str, at: float) -> int:
        """A technician has put right what is wrong with that device now; returns how many things that were."""
        del device, at
        return 0
