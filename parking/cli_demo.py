"""`parking demo`: the whole town in the browser on embedded parts, with simulated hardware over real wires."""

import asyncio
import secrets
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import typer

from parking.app import House, Loop, run
from parking.broker import Broker
from parking.domain.settings import Settings
from parking.logs import configure_logs
from parking.settings import ROLES, ServiceSettings, read_settings
from parking.signals import run_until_told
from parking.started import STARTED_S
from parking.streetclock import StreetTime, begin
from parking.towns.load import town_named
from parking.towns.write import write_town
from parking.web.run import RunKind
from sim.ground import ground_of
from sim.past import past_slots
from sim.scenario import Scenario
from sim.shipped import load_scenario

PAST_DAYS = 15
"""Two weeks and a day of simulated past: every kind of weekday twice, so that the forecast has something to know."""

WIRE_S = 5.0
"""Machine seconds a sign may take to confirm over wires."""

HARDWARE_BEGINS_S = 1.0
"""The street stands still until its hardware has warmed up: at ×60 a second late would be a minute of silence."""

HARDWARE_ENDS_S = 3.0


@dataclass(frozen=True, slots=True)
class Hardware:
    """Simulated sensors and signs in a process of their own."""

    scenario: Scenario
    root: str
    town: str
    seed: int
    log_level: str

    def command(self, broker_url: str, street: StreetTime) -> list[str]:
        """How that process is started."""
        options = {
            "--broker": broker_url,
            "--root": self.root,
            "--town": self.town,
            "--speed": str(street.speed),
            "--seed": str(self.seed),
            "--t0": street.t0.isoformat(),
            "--m0": repr(street.m0),
        }
        words = [word for pair in options.items() for word in pair]
        return [
            sys.executable,
            "-m",
            "sim",
            "street",
            self.scenario.name,
            *words,
            "--with-parent",
            "--log-level",
            self.log_level,
        ]

    def beside(self, broker: Broker, street: StreetTime) -> AbstractAsyncContextManager[Loop]:
        """As `House.beside`."""
        return hardware_process(self.command(broker.url, street))


@asynccontextmanager
async def hardware_process(command: Sequence[str]) -> AsyncIterator[Loop]:
    """The process runs while inside; the given loop ends, with an error, when the process dies by itself."""
    process = await asyncio.create_subprocess_exec(
        *command, stdin=asyncio.subprocess.DEVNULL, stdout=sys.stderr, start_new_session=True
    )

    async def watch() -> None:
        code = await process.wait()
        raise RuntimeError(f"the simulated hardware ended by itself with code {code}; see its last lines above")

    try:
        yield watch
    finally:
        await _end(process)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(HARDWARE_ENDS_S):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def demo(
    port: Annotated[int, typer.Option(min=0, max=65535, help="端口，0 任选 · Port, 0 picks a free one")] = 8080,
    speed: Annotated[float, typer.Option(min=1, max=60, help="倍速 · Street seconds in a second")] = 20.0,
    for_s: Annotated[
        float | None, typer.Option("--for", min=1, help="运行秒数后自行结束 · End by itself after s")
    ] = None,
    scenario: Annotated[str, typer.Option(help="场景 · Scenario")] = "demo",
    seed: Annotated[int, typer.Option(help="随机种子 · Seed of the simulated street")] = 1,
    data: Annotated[Path | None, typer.Option(help="保留数据的目录 · Keep the data in this folder")] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="显示日志 · Show the log")] = False,
) -> None:
    """在浏览器里看整座城：内置数据库与消息代理，模拟硬件 · The town in your browser on embedded parts."""
    level = "info" if verbose else "warning"
    configure_logs("console", level)
    chosen = load_scenario(scenario)
    with tempfile.TemporaryDirectory(prefix="parking-demo-", ignore_cleanup_errors=True) as scratch:
        given = read_settings(
            data=data or Path(scratch), port=port, log_level=level, run="demo", topic_root="parking/demo"
        )
        settings = given.model_copy(update=_of_a_demo(given.thresholds, speed))
        if chosen.lots is not None:
            built = Path(scratch) / "town"
            write_town(ground_of(chosen, town_named(settings.town), seed).town, built)
            settings = settings.model_copy(update={"town": str(built)})
        code = run_until_told(_demo(settings, chosen, speed=speed, for_s=for_s, seed=seed))
    sys.exit(code)


def _of_a_demo(thresholds: Settings, speed: float) -> dict[str, object]:
    """A run of its own; nobody outside is told of what is not real; a wire's delay counts in machine seconds."""
    alerts = replace(thresholds.alerts, sign_confirm_s=max(thresholds.alerts.sign_confirm_s, WIRE_S * speed))
    return {
        "run": f"demo_{secrets.token_hex(4)}",
        "roles": ROLES,
        "webhook_url": None,
        "webhook_secret_file": None,
        "thresholds": replace(thresholds, alerts=alerts),
    }


async def _demo(settings: ServiceSettings, scenario: Scenario, *, speed: float, for_s: float | None, seed: int) -> None:
    town = town_named(settings.town)
    hardware = Hardware(scenario, settings.topic_root, settings.town, seed, settings.log_level)
    house = House(
        town=town,
        settings=settings,
        begin=lambda: begin(scenario.begins, speed, in_s=HARDWARE_BEGINS_S),
        kind=RunKind.SIMULATION,
        durable=False,
        neutral_at_end=True,
        past=lambda: past_slots(
            ground_of(scenario, town, seed), scenario, until=scenario.begins, days=PAST_DAYS, seed=seed
        ),
        beside=hardware.beside,
    )
    with suppress(TimeoutError):
        async with asyncio.timeout(for_s):
            await run(house, on_ready=_say_ready)


def _say_ready(url: str) -> None:
    print(f"ready {url} ({time.monotonic() - STARTED_S:.1f} s)", flush=True)
