"""The street as a process: truth, hardware and wires turned by street time."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from parking.streetclock import StreetTime
from sim.faults_stage import with_faults
from sim.fitting import fit_out
from sim.ground import Ground, faults_on
from sim.live import Wires, be_hardware, run_hardware
from sim.notary import Changes, Notary, greet, write_deed
from sim.scenario import Scenario
from sim.street import make_street

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Run:
    """All that a run over wires depends on."""

    broker_url: str
    root: str
    ground: Ground
    scenario: Scenario
    time: StreetTime
    seed: int = 1
    until: datetime | None = None
    """Street time at which it ends by itself."""
    passwords: Mapping[str, str] = field(default_factory=dict)
    """Device to password; the URL's credentials for devices that have none."""
    deed: Path | None = None
    """Where to keep what the run was, for whoever wants to hold it against another one."""
    changes: Changes = field(default_factory=dict)
    """What was said instead of the scenario's own, for the deed."""

    @property
    def wires(self) -> Wires:
        """Where its hardware speaks."""
        return Wires(self.broker_url, self.root, self.time, self.until, self.passwords)


def run_street(
    broker_url: str,
    root: str,
    ground: Ground,
    scenario: Scenario,
    t0: datetime,
    m0: float,
    speed: float,
    seed: int = 1,
    until: datetime | None = None,
    *,
    passwords: Mapping[str, str] | None = None,
    deed: Path | None = None,
    changes: Changes | None = None,
    ends_with_parent: bool = False,
) -> None:
    """Be the street until `until`, SIGINT or SIGTERM; blocks. Street time is t0 + speed × (machine time − m0)."""
    run = Run(
        broker_url, root, ground, scenario, StreetTime(t0, m0, speed), seed, until, passwords or {}, deed, changes or {}
    )
    run_hardware(lambda stop: be_street(run, stop), ends_with_parent=ends_with_parent)


async def be_street(run: Run, stop: asyncio.Event) -> None:
    """Be the street until `stop` is set or `until` has come; says goodbye on every way out."""
    town, ground = run.ground.town, run.ground
    street = make_street(town, run.scenario, run.seed, run.time.t0, ground.demand, ground.zones)
    boot = int(run.time.t0.timestamp())
    sound = fit_out(town, street, run.seed, boot=boot, speed=run.time.speed)
    hardware = with_faults(sound, faults_on(ground, run.scenario), town, run.seed, run.time.t0)
    greet(hardware, boot)
    log.info("the street begins: %s, %d devices", run.scenario.name, len(hardware.devices))
    if run.deed is None:
        await be_hardware(run.wires, street, hardware, stop)
        return
    notary = Notary(run.scenario.name, run.seed, run.time.t0, run.time.speed, run.changes)
    try:
        await be_hardware(run.wires, street, hardware, stop, notary)
    finally:
        write_deed(run.deed, notary.deed())
