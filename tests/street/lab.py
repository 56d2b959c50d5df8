"""The whole house without wires: simulated street and hardware, decoder, engine and loops over memory stores.

What the hardware says is encoded and decoded as on the wire; only the broker is missing. An hour takes seconds.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import msgspec

from parking.domain.guidance import Guidance
from parking.domain.town import Town
from parking.engine import STEP_S, Engine
from parking.flow.decide import Decide
from parking.flow.handover import Handover
from parking.flow.present import Present
from parking.memory.open import memory_stores
from parking.ports import Stores
from parking.towns.load import load_town
from sensors.native import Native, Packet
from signage.drivers.mqtt import MqttSignDriver
from sim.board import Board
from sim.faults import Fault
from sim.faults_stage import with_faults
from sim.fitting import fit_out
from sim.run import make_street
from sim.shipped import load_scenario
from sim.wire import Message

ROOT = "t"
Meddle = Callable[[datetime, list[Message]], list[Message]]
"""What a test does to the messages of one second: drop, double, delay."""


class LabClock:
    """Street time that a test moves."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    async def sleep_until(self, at: datetime) -> None:
        self.at = max(self.at, at)


@dataclass
class Lab:
    """One run; `await run(minutes)` as often as wanted."""

    scenario: str = "demo"
    seed: int = 1
    meddle: Meddle = lambda _at, messages: messages
    town: Town = field(default_factory=load_town)
    stores: Stores = field(default_factory=memory_stores)
    faults: tuple[Fault, ...] = ()
    """What goes wrong besides the scenario's own."""

    def __post_init__(self) -> None:
        chosen = load_scenario(self.scenario)
        begins = chosen.begins.astimezone(UTC)
        self.clock = LabClock(begins)
        self.street = make_street(self.town, chosen, self.seed, begins)
        sound = fit_out(self.town, self.street, self.seed, boot=1)
        self.hardware = with_faults(sound, (*chosen.faults, *self.faults), self.town, self.seed, begins)
        self.boards = {one.mouth.device: one for one in self.hardware.devices if isinstance(one, Board)}
        self.native = Native(ROOT, self.town.devices, [sign.id for sign in self.town.signs])
        self.present = Present(self.town)
        self.sent: list[Guidance] = []
        self.decide = self.fresh()

    def fresh(self) -> Decide:
        """A process that knows only what the stores know."""
        handover = Handover(self.stores.intake)
        self.handover = handover
        self.engine = Engine(self.town)
        return Decide(
            self.engine,
            clock=self.clock,
            handover=handover,
            stores=self.stores,
            present=self.present,
            show=self.sent.extend,
            wake_outbox=lambda: None,
            count=lambda: None,
        )

    async def run(self, minutes: float) -> None:
        """Let street time pass."""
        ends = self.clock.at + timedelta(minutes=minutes)
        while self.clock.at < ends:
            self.clock.at += timedelta(seconds=1)
            await self._second(self.clock.at)

    async def _second(self, at: datetime) -> None:
        second = int(at.timestamp())
        self.street.advance(second)
        said = self.meddle(at, self.hardware.observe(self.street, second))
        heard = self.native.decode(Packet(f"{ROOT}/{one.topic}", one.encode(), at, False) for one in said)
        kept = await self.stores.intake.keep(heard.readings, heard.shown, heard.doubts)
        if kept is not None:
            self.handover.offer(kept)
        if second % STEP_S == 0:
            await self.decide.tick(at)
            await self._tell(second)

    async def _tell(self, second: int) -> None:
        sent, told = list(self.sent), []

        async def publish(_topic: str, payload: bytes, _retain: bool, _expiry_s: float | None) -> None:
            told.append(payload)

        self.sent.clear()
        driver = MqttSignDriver(publish, self.clock)
        for guidance in sent:
            await driver.show(guidance, epoch=1)
        for payload in told:
            sign = msgspec.json.decode(payload)["sign"]
            self.boards[sign].take(payload, second)

    def shown_on(self, lot: str) -> Sequence[tuple[str, str]]:
        """Sign and text of each panel that stands for that lot alone, as its lamps show it now."""
        found = []
        for nth, sign in enumerate(self.town.signs):
            for line, panel in enumerate(sign.panels):
                if panel.lots == (lot,) and sign.level != "L1":
                    found.append((str(sign.id), self.street.lamps[nth][line]))
        return found
