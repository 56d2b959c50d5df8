"""One SUMO in this process: started with a network, loops and a seed, moved on second by second, ended by the next."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Final
from xml.sax.saxutils import quoteattr

from parking.domain.errors import BadTown, NotAllowed
from sim.core.laws import METRES_A_CAR
from sim.sumo.extra import libsumo
from sim.sumo.mapping import Mapping
from sim.sumo.net import Net

CAR: Final = "car"
CAR_LENGTH_M: Final = 4.5
"""With the gap before it: METRES_A_CAR."""
REACTION_S: Final = 1.0
"""SUMO's tau: seconds that one car keeps behind another."""
TELEPORT_S: Final = 300
"""SUMO moves a car on that a jam has held so long: no street is locked for ever, as drivers find a way out of that."""
NEVER_S: Final = 10_000_000


class Session:
    """SUMO itself, for one street. A process can have one at a time: starting the next ends the one before."""

    _newest: "Session | None" = None

    def __init__(self, mapping: Mapping, net: Net, folder: Path, begins_s: int, seed: int) -> None:
        """Begin so many seconds after local midnight. Raises BadTown with what SUMO says of its files."""
        self._sumo = libsumo()
        if Session._newest is not None:
            self._sumo.close()
        Session._newest = self
        with TemporaryDirectory() as scratch:
            extra = Path(scratch) / "parking.add.xml"
            extra.write_text("".join(_additional(mapping, net)), encoding="utf-8")
            try:
                self._sumo.start(_arguments(mapping, folder, extra, begins_s, seed))
            except (self._sumo.TraCIException, self._sumo.FatalTraCIError, OSError) as trouble:
                Session._newest = None
                raise BadTown((f"SUMO: {trouble}; mend {folder / mapping.net} or its routes",)) from trouble

    @property
    def sumo(self) -> ModuleType:
        """Its functions. Raises NotAllowed when another street was begun since."""
        if Session._newest is not self:
            raise NotAllowed("this street's SUMO ended when another began in this process; run one after the other")
        return self._sumo


def loop_names(mapping: Mapping, net: Net, section: int) -> tuple[str, ...]:
    """The loops of that section, one a lane."""
    one = mapping.section[section]
    return tuple(f"loop {one.id} {lane}" for lane in net[one.loop.edge].lanes) if one.loop else ()


def route_from(edge: str) -> str:
    """Name of the route that only begins on that edge: where a car goes on from there is told when it comes in."""
    return f"from {edge}"


def route_along(section: str) -> str:
    """Name of the route of traffic that drives along a section."""
    return f"along {section}"


def _arguments(mapping: Mapping, folder: Path, extra: Path, begins_s: int, seed: int) -> list[str]:
    words: dict[str, object] = {
        "net-file": folder / mapping.net,
        "additional-files": extra,
        "begin": begins_s,
        "step-length": 1,
        "seed": seed,
        "time-to-teleport": TELEPORT_S,
        "collision.action": "none",
        "default.speeddev": 0,
        "xml-validation": "never",
        "no-step-log": "true",
        "no-warnings": "true",
        "duration-log.disable": "true",
    }
    if mapping.routes:
        words["route-files"] = ",".join(str(folder / one) for one in mapping.routes)
    return ["sumo", *(part for key, value in words.items() for part in (f"--{key}", str(value)))]


def _additional(mapping: Mapping, net: Net) -> Iterator[str]:
    """What SUMO is told besides the network: our cars, where they may begin, and the loops."""
    yield "<additional>\n"
    gap = METRES_A_CAR - CAR_LENGTH_M
    yield f'<vType id="{CAR}" vClass="passenger" length="{CAR_LENGTH_M}" minGap="{gap}" tau="{REACTION_S}"/>\n'
    begins = {one.comes for one in mapping.portal} | {spot.edge for lot in mapping.lot for spot in lot.exits}
    for edge in sorted(begins):
        yield f"<route id={quoteattr(route_from(edge))} edges={quoteattr(edge)}/>\n"
    for nth, section in enumerate(mapping.section):
        yield f"<route id={quoteattr(route_along(section.id))} edges={quoteattr(' '.join(section.edges))}/>\n"
        if section.loop:
            lanes = net[section.loop.edge].lanes
            for name, lane in zip(loop_names(mapping, net, nth), lanes, strict=True):
                where = f'lane={quoteattr(f"{section.loop.edge}_{lane}")} pos="{section.loop.at_m:.1f}"'
                yield f'<inductionLoop id={quoteattr(name)} {where} period="{NEVER_S}" file="NUL"/>\n'
    yield "</additional>\n"
