"""Put the registry's devices up on the street."""

from parking.domain.device import Device as Registered
from parking.domain.device import DeviceKind
from parking.domain.town import Town
from sim.bays import BayGateway, CountingCamera
from sim.board import Board
from sim.gates import BarrierSystem, Gate
from sim.hardware import Device, Hardware, Mouth
from sim.loops import Loop
from sim.streams import Purpose, stream
from sim.street import Street

PHASES = 5
"""Devices begin within the first seconds, not all on the same one."""


def fit_out(town: Town, street: Street, seed: int, *, boot: int, speed: float = 1.0) -> Hardware[Street]:
    """Every device of the registry that a machine can be; persons are none."""
    devices = (
        _fit(one, street, seed, boot, speed, phase=int(street.now) + 1 + nth % PHASES)
        for nth, one in enumerate(town.devices)
        if one.kind is not DeviceKind.PERSON
    )
    return Hardware(devices)


def _fit(one: Registered, street: Street, seed: int, boot: int, speed: float, phase: int) -> Device[Street]:
    mouth = Mouth(one.id, one.period.total_seconds(), boot)
    if one.kind is DeviceKind.SIGN:
        nth = next(nth for nth, sign in enumerate(street.town.signs) if str(sign.id) == str(one.id))
        return Board(mouth, nth, len(street.town.signs[nth].panels), speed)
    chance = stream(seed, Purpose.HARDWARE, one.id)
    if one.kind is DeviceKind.LOOP:
        return Loop(mouth, _only_section(one, street), phase, chance)
    lot = _only_lot(one, street)
    if one.kind is DeviceKind.CAMERA:
        return CountingCamera(mouth, lot, phase, chance)
    if one.kind is DeviceKind.BAY_GATEWAY:
        return BayGateway(mouth, lot, phase)
    if one.kind is DeviceKind.BARRIER_SYSTEM:
        return BarrierSystem(mouth, lot, phase)
    return Gate(mouth, lot, street, phase)


def _only_lot(one: Registered, street: Street) -> int:
    return next(nth for nth, lot in enumerate(street.town.lots) if lot.id in one.lots)


def _only_section(one: Registered, street: Street) -> int:
    return next(nth for nth, section in enumerate(street.town.sections) if section.id in one.sections)
