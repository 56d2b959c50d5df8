"""The street as a process: truth, hardware and wires turned by street time."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from parking.domain.town import Town
from parking.streetclock import StreetTime
from sim.faults_stage import with_faults
from sim.fitting import fit_out
from sim.live import Wires, be_hardware, run_hardware
from sim.notary import Notary, greet, write_deed
from sim.scenario import Scenario
from sim.street import make_street

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Run:
    """All that a run over wires depends on."""

    broker_url: str
    root: str
    town: Town
    scenario: Scenario
    time: StreetTime
    seed: int = 1
    until: datetime | None = None
    """Street time at which it ends by itself."""
    passwords: Mapping[str, str] = field(default_factory=dict)
    """Device to password; the URL's credentials for devices that have none."""
    deed: Path | None = None
    """Where to keep what the run was, for whoever wants to hold it against another one."""

    @property
    def wires(self) -> Wires:
        """Where its hardware speaks."""
        return Wires(self.broker_url, self.root, self.time, self.until, self.passwords)


def run_street(
    broker_url: str,
    root: str,
    town: Town,
    scenario: Scenario,
    t0: datetime,
    m0: float,
    speed: float,
    seed: int = 1,
    until: datetime | None = None,
    *,
    passwords: Mapping[str, str] | None = None,
    deed: Path | None = None,
    ends_with_parent: bool = False,
) -> None:
    """Be the street until `until`, SIGINT or SIGTERM; blocks. Street time is t0 + speed × (machine time − m0)."""
    run = Run(broker_url, root, town, scenario, StreetTime(t0, m0, speed), seed, until, passwords or {}, deed)
    run_hardware(lambda stop: be_street(run, stop), ends_with_parent=ends_with_parent)


async def be_street(run: Run, stop: asyncio.Event) -> None:
    """Be the street until `stop` is set or `until` has come; says goodbye on every way out."""
    street = make_street(run.town, run.scenario, run.seed, run.time.t0)
    boot = int(run.time.t0.timestamp())
    sound = fit_out(run.town, street, run.seed, boot=boot, speed=run.time.speed)
    hardware = with_faults(sound, run.scenario.faults, run.town, run.seed, run.time.t0)
    greet(hardware, boot)
    log.info("the street begins: %s, %d devices", run.scenario.name, len(hardware.devices))
    if run.deed is None:
        await be_hardware(run.wires, street, hardware, stop)
        return
    notary = Notary(run.scenario.name, run.seed, run.time.t0, run.time.speed)
    try:
        await be_hardware(run.wires, street, hardware, stop, notary)
    finally:
        write_deed(run.deed, notary.deed())
