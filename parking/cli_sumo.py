"""`parking sumo`: networks on which `parking sim run --sumo` moves its cars."""

from pathlib import Path
from typing import Annotated

import typer

from parking.towns.load import town_named
from sim.shipped import load_demand
from sim.sumo.make import make
from sim.sumo.street import inspect

app = typer.Typer(help="SUMO 路网 · Networks for SUMO.", no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(help="目录 · Folder")]
TownName = Annotated[str, typer.Option(help="城镇 · Town")]
DemandName = Annotated[
    str | None, typer.Option(help="需求，默认与城镇同名 · Who drives where: a demand's name, else the town's")
]


@app.callback()
def group() -> None:
    """SUMO 路网 · Networks for SUMO."""


@app.command("make")
def make_network(folder: Folder, town: TownName = "fengjie", demand: DemandName = None) -> None:
    """按本城路段与停车场造一个小路网 · Make a small network of a town's own sections and lots."""
    ground = town_named(town)
    nodes, edges = make(ground, load_demand(demand or ground.id), folder)
    print(f"{folder}: {nodes} 个节点，{edges} 条边 · {nodes} nodes, {edges} edges")
    print(f"parking sim run holiday --sumo {folder} --policy none,margin,engine")


@app.command("check")
def check_network(folder: Folder, town: TownName = "fengjie", demand: DemandName = None) -> None:
    """核对路网与对应表，一次说出所有错误 · Check a network and its mapping: every error at once, with its remedy."""
    ground = town_named(town)
    mapping, net = inspect(folder, ground, load_demand(demand or ground.id))
    print(
        f"{folder}: 没有错误 · no errors: {len(net)} edges for cars, {len(mapping.lot)} lots, "
        f"{len(mapping.sign)} signs, {len(mapping.section)} sections, {len(mapping.portal)} portals"
    )
