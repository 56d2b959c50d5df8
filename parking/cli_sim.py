"""`parking sim`: the simulated street."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from parking import cli_sim_run
from parking.cli_sim_run import Compliance, Faults, Lots, Scale, vary
from parking.domain.town import Town
from parking.logs import configure_logs
from parking.streetclock import begin
from parking.towns.load import load_town, town_named
from parking.towns.write import write_town
from sim.builder import MOST_LOTS, build
from sim.ground import Ground, ground_of
from sim.notary import again, read_deed
from sim.run import run_street
from sim.scenario import BUILT, Scenario
from sim.shipped import list_scenarios, load_demand, load_scenario, read_scenario

BUILT_SCENARIO: Final = "weekday"
"""What people do in a city that was just built."""

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
    until: Annotated[
        str | None, typer.Option(help="街道时刻，到时自行结束 · Street time at which it ends, RFC 3339")
    ] = None,
    deed: Annotated[
        Path | None,
        typer.Option(help="写下真实、读数与指令，供 sim again 核对 · Keep what the run was, for `sim again`"),
    ] = None,
    compliance: Compliance = None,
    faults: Faults = None,
    scale: Scale = None,
    lots: Lots = None,
    with_parent: Annotated[bool, typer.Option(hidden=True, help="End when the process that started it has")] = False,
) -> None:
    """只有硬件：传感器与诱导屏经 MQTT 说话 · The hardware alone: sensors and signs over MQTT."""
    configure_logs("console", "info")
    changes = {"compliance": compliance, "faults": faults, "scale": scale, "lots": lots}
    given = town_named(town)
    chosen = vary(load_scenario(scenario), given, compliance=compliance, faults=faults, scale=scale, lots=lots)
    ground = _the_ground(chosen, given, seed)
    begins = datetime.fromisoformat(t0) if t0 else chosen.begins
    run_street(
        broker,
        root,
        ground,
        chosen,
        begins,
        begin(begins, speed).m0 if m0 is None else m0,
        speed,
        seed,
        datetime.fromisoformat(until) if until else None,
        deed=deed,
        changes={name: value for name, value in changes.items() if value is not None},
        ends_with_parent=with_parent,
    )


@app.command("list")
def every_scenario() -> None:
    """随包的场景 · The scenarios that ship with the package."""
    for name in list_scenarios():
        one = load_scenario(name)
        print(f"{name:16}{one.title} · {one.title_en}")


@app.command("check")
def check(
    scenario: Annotated[str, typer.Argument(help="场景名，或 .toml 文件 · Scenario, or a .toml file")],
) -> None:
    """核对一个场景文件，一次说出所有错误 · Check a scenario's file: every error at once, with line and remedy."""
    found, problems = read_scenario(scenario)
    for problem in problems:
        print(problem)
    if found is None:
        raise typer.Exit(1)
    print(f"{found.title} · {found.title_en}: 没有错误 · no errors")


@app.command("again")
def once_more(
    deed: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="sim street --deed 写的文件 · Its file")],
    town: Annotated[str, typer.Option(help="城镇 · Town")] = "fengjie",
) -> None:
    """不经线路再来一次，核对真实与读数 · The same run without wires: is it the same truth, the same readings?"""
    before = read_deed(deed)
    given = town_named(town)
    chosen = vary(load_scenario(before.scenario), given, **dict(before.changes))  # type: ignore[arg-type]  # a file's
    now = again(_the_ground(chosen, given, before.seed), chosen, before)
    same = (now.truth_sha256, now.readings_sha256) == (before.truth_sha256, before.readings_sha256)
    print(f"真实 truth     {before.truth_sha256}\n               {now.truth_sha256}")
    print(f"读数 readings  {before.readings_sha256}\n               {now.readings_sha256}")
    print("相同 · identical" if same else "不同 · different")
    raise typer.Exit(0 if same else 1)


@app.command("build")
def build_town(
    folder: Annotated[Path, typer.Argument(file_okay=False, help="写到此目录 · Into this folder")],
    lots: Annotated[int, typer.Option(min=1, max=MOST_LOTS, help="停车场数 · How many lots")] = 20,
    seed: Annotated[int, typer.Option(min=0, help="种子：不同种子，不同城市 · Another seed, another city")] = 1,
) -> None:
    """造一座模拟城市，写成城镇目录 · Build a city, as a town's folder for a service to run on."""
    if (folder / "town.toml").exists():
        raise typer.BadParameter(f"{folder} holds a town already; give another folder, or remove it first")
    model = load_town()
    city = build(lots, seed, model, load_demand(model.id)).town
    write_town(city, folder)
    found = load_town(folder)
    print(
        f"{found.id}: {len(found.lots)} 停车场 lots, {len(found.signs)} 诱导屏 signs, {len(found.devices)} 设备 devices"
    )
    print(f"服务 · service   PARKING_TOWN={folder} parking serve")
    print(f"硬件 · hardware  parking sim street {BUILT_SCENARIO} --lots {lots} --seed {seed} --town {folder}")


def _the_ground(scenario: Scenario, town: Town, seed: int) -> Ground:
    """Where it takes place; a folder that holds another built city than this seed's is told."""
    ground = ground_of(scenario, town, seed)
    if scenario.lots is not None and town.id.startswith(f"{BUILT}-") and town.id != ground.town.id:
        raise typer.BadParameter(f"the folder holds {town.id}, this is {ground.town.id}: give its --lots and --seed")
    return ground


app.command("run")(cli_sim_run.run)
