"""What faults do at one instant, whether or not the device speaks then: shut a lot, jam lamps, cut and mend a line."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, TypeAlias

from sim.board import Board
from sim.faults import Fault, FaultKind, Window
from sim.hardware import Mouth
from sim.street import Street
from sim.wire import Message

WILL_S: Final = 90
"""A broker speaks a Will after one and a half keep-alives of 60 s; here in street time, whatever the run's speed."""

REBOOTS: Final = frozenset({FaultKind.BATTERY_DEATH, FaultKind.GATEWAY_RESTART})
CUTS: Final = frozenset({FaultKind.SIGN_OFFLINE, FaultKind.LINE_CUT, FaultKind.BROKER_GONE})
WITHOUT_WILL: Final = frozenset({FaultKind.BROKER_GONE})
"""Nobody is there to speak it."""

Switch: TypeAlias = Callable[[Street, int], Sequence[Message]]
"""Called with the street at that second; returns what is said because of it."""


def switches_of_lot(lot: int, window: Window) -> Iterator[tuple[float, Switch]]:
    """The entrance shuts, and opens again."""

    def shut(street: Street, _at: int, *, is_shut: bool = True) -> Sequence[Message]:
        street.carparks[lot].is_shut = is_shut
        return ()

    yield window.begins, shut
    yield window.ends, lambda street, at: shut(street, at, is_shut=False)


def switches_of_sign(board: Board, fault: Fault, window: Window) -> Iterator[tuple[float, Switch]]:
    """Lamps jam and come free; a sign without a line is deaf."""
    if fault.kind is FaultKind.SIGN_STUCK:
        text, confirms = str(fault.value("text")), bool(fault.value("confirms_orders"))
        yield window.begins, _quietly(lambda _at: board.jam(text, confirms_orders=confirms))
        yield window.ends, _quietly(lambda _at: board.free())
    if fault.kind in CUTS:
        yield window.begins, _quietly(lambda _at: board.go_deaf())
        yield window.ends, _quietly(board.hear_again)


def switches_of_line(mouth: Mouth, fault: Fault, window: Window, connected: float) -> Iterator[tuple[float, Switch]]:
    """The broker speaks the Will of who is gone for long; who comes back greets, after a restart with a new boot."""
    if fault.kind not in REBOOTS | CUTS:
        return
    if fault.kind not in WITHOUT_WILL and window.begins + WILL_S < window.ends:
        yield window.begins + WILL_S, lambda _street, _at: [mouth.will(connected)]
    yield window.ends, _quietly(mouth.reboot if fault.kind in REBOOTS else lambda _at: mouth.greet_again())


def _quietly(act: Callable[[int], None]) -> Switch:
    def switch(_street: Street, at: int) -> Sequence[Message]:
        act(at)
        return ()

    return switch
