"""Write a drawing as SUMO's plain XML, let netconvert make the network of it, and put the mapping beside it."""

import subprocess
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from xml.sax.saxutils import quoteattr

from parking.domain.errors import BadTown
from parking.domain.town import Town
from sim.scenario import Demand
from sim.sumo.draft import draft
from sim.sumo.extra import netconvert
from sim.sumo.mapping import FILE, text_of
from sim.sumo.sketch import XY, Edge

HEAD: Final = """\
# 停车场、诱导屏、路段与进出城口在 SUMO 路网上的位置；由 `parking sumo make` 生成，可以手改。各字段见 docs/sumo.md。
# Where lots, signs, sections and portals are on the SUMO network; made by `parking sumo make`, to be changed by hand at
# will. docs/sumo.md tells every field; `parking sumo check FOLDER` tells every error.

"""
LONGEST_S: Final = 600


def make(town: Town, demand: Demand, folder: Path) -> tuple[int, int]:
    """Make a network of that town in that folder; returns its nodes and edges.

    Raises:
        BadTown: netconvert refused it, or the folder has a mapping already.
    """
    if (folder / FILE).exists():
        raise BadTown((f"{folder / FILE}: is there already; give another folder, or remove it first",))
    sketch, mapping = draft(town, demand)
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as scratch:
        nodes, edges = Path(scratch) / "town.nod.xml", Path(scratch) / "town.edg.xml"
        nodes.write_text(_document("nodes", (_node(name, xy) for name, xy in sketch.nodes.items())), encoding="utf-8")
        edges.write_text(_document("edges", map(_edge, sketch.edges)), encoding="utf-8")
        convert(nodes, edges, folder / mapping.net)
    (folder / FILE).write_text(HEAD + text_of(mapping), encoding="utf-8")
    return len(sketch.nodes), len(sketch.edges)


def convert(nodes: Path, edges: Path, net: Path) -> None:
    """Let netconvert make a network of plain XML. Raises BadTown with what it says."""
    said = subprocess.run(  # noqa: S603 -- a program of the extra, with files of our own
        [
            str(netconvert()),
            "--node-files",
            str(nodes),
            "--edge-files",
            str(edges),
            "--output-file",
            str(net),
            "--offset.disable-normalization",
            "--no-turnarounds.geometry",
            "false",
            "--no-warnings",
        ],
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )
    if said.returncode:
        raise BadTown((f"netconvert: {said.stderr.strip()}; mend the sections' lines or lengths",))


def _document(kind: str, rows: Iterable[str]) -> str:
    return f"<{kind}>\n" + "".join(rows) + f"</{kind}>\n"


def _node(name: str, xy: XY) -> str:
    return f'  <node id={quoteattr(name)} x="{xy[0]:.2f}" y="{xy[1]:.2f}" type="priority"/>\n'


def _edge(edge: Edge) -> str:
    shape = " ".join(f"{x:.2f},{y:.2f}" for x, y in edge.shape)
    return (
        f"  <edge id={quoteattr(edge.name)} from={quoteattr(edge.begins)} to={quoteattr(edge.ends)}"
        f' numLanes="{edge.lanes}" speed="{edge.speed_mps:.3f}" length="{edge.length_m:.2f}" priority="{edge.rank}"'
        + (f' shape="{shape}"' if shape else "")
        + (f"><neigh lane={quoteattr(edge.beside + '_0')}/></edge>\n" if edge.beside else "/>\n")
    )
