"""`parking sim`: the simulated street."""

from datetime import datetime
from typing import Annotated

import typer

from parking import cli_sim_run
from parking.logs import configure_logs
from parking.streetclock import begin
from parking.towns.load import town_named
from sim.run import run_street
from sim.scenario import load_scenario

app = typer.Typer(help="模拟街道 · The simulated street.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """模拟街道 · The simulated street."""


@app.command("street")
def street(
    scenario: Annotated[str, typer.Argument(help="场景 · Scenario")],
    broker: Annotated[str, typer.Option(envvar="PARKING_BROKER_URL", help="mqtt://host:port")],
    root: Annotated[str, typer.Option(help="主题根 · Topic root")] = "parking/v1",
    town: Annotated[str, typer.Option(help="城镇 · Town")] = "fengjie",
    speed: Annotated[float, typer.Option(min=0.1, max=60, help="倍速 · Street seconds in a second")] = 1.0,
    seed: Annotated[int, typer.Option(help="随机种子 · Seed")] = 1,
    t0: Annotated[str | None, typer.Option(help="街道起始时刻 · Street time at m0, RFC 3339")] = None,
    m0: Annotated[float | None, typer.Option(help="机器时刻 · Machine time of t0, seconds since 1970")] = None,
    with_parent: Annotated[bool, typer.Option(hidden=True, help="End when the process that started it has")] = False,
) -> None:
    """只有硬件：传感器与诱导屏经 MQTT 说话 · The hardware alone: sensors and signs over MQTT."""
    configure_logs("console", "info")
    chosen = load_scenario(scenario)
    begins = datetime.fromisoformat(t0) if t0 else chosen.begins
    run_street(
        broker,
        root,
        town_named(town),
        chosen,
        begins,
        begin(begins, speed).m0 if m0 is None else m0,
        speed,
        seed,
        ends_with_parent=with_parent,
    )


app.command("run")(cli_sim_run.run)
