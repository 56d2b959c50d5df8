"""Two recordings tick by tick: are they the same, where do they part, why, and what came of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from parking.codec import encode_inputs
from parking.domain.guidance import Shown
from parking.domain.inputs import Input
from parking.domain.settings import Settings
from parking.domain.thresholds import differences
from parking.recording.differ import Difference, parted
from parking.recording.nouns import Line
from parking.recording.player import INSTANT, Player
from parking.recording.run import RecordedRun
from parking.recording.stands import Kind

DECIDED: Final = (Kind.SIGNS, Kind.ALERTS, Kind.ROADS, Kind.LOTS)
"""What somebody on the street or at a desk can see; the other kinds are what stands behind it."""
FOLLOW: Final = (Shown, Settings)
"""Inputs that follow from decisions or are what is compared: other ones of these are no other inputs."""


@dataclass(slots=True)
class Counts:
    """Ticks on which something stands otherwise, and the first of them."""

    ticks: int = 0
    first_at: datetime | None = None

    def note(self, at: datetime) -> None:
        """One more."""
        self.ticks += 1
        self.first_at = self.first_at or at


@dataclass(slots=True)
class Comparison:
    """What was found."""

    ticks: int = 0
    """In both."""
    only_a: int = 0
    only_b: int = 0
    decisions: Counts = field(default_factory=Counts)
    """Ticks decided otherwise in any way, to the byte."""
    kinds: dict[Kind, Counts] = field(default_factory=lambda: {kind: Counts() for kind in Kind})
    """Ticks after which a kind of decision stands otherwise."""
    inputs: Counts = field(default_factory=Counts)
    """Ticks with other inputs, but for confirmations of signs and thresholds."""
    settings: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    """Thresholds that differ when they part, by name: in A, in B."""
    first: tuple[Difference, ...] = ()
    """What differs at the first tick on which a decision that somebody sees differs; the first entry is the first."""
    before: Difference | None = None
    """What differed earlier still, behind the decisions: a reason, an estimate, a forecast."""
    agrees: bool = True
    """This program decides that tick as it was decided when it was recorded."""
    measures: dict[str, tuple[float | None, float | None]] = field(default_factory=dict)

    @property
    def is_identical(self) -> bool:
        """The same ticks with the same decisions, to the byte."""
        return not (self.decisions.ticks or self.only_a or self.only_b)


def compare(a: RecordedRun, b: RecordedRun) -> Comparison:
    """Hold B against A. Both are read once; only where they part is anything decided again."""
    found = Comparison()
    stands: tuple[dict[str, str], dict[str, str]] = ({}, {})
    for one, other in _side_by_side(a.lines(), b.lines()):
        if one is None or other is None:
            found.only_a += other is None
            found.only_b += one is None
            continue
        stands[0].update(one.stands)
        stands[1].update(other.stands)
        _note(found, one, other, stands)
    found.settings = differences(a.header.settings, b.header.settings)
    found.measures = dict(_measures(a, b))
    if found.decisions.ticks:
        _explain(found, a, b)
    return found


def _note(found: Comparison, a: Line, b: Line, stands: tuple[Mapping[str, str], Mapping[str, str]]) -> None:
    found.ticks += 1
    if a.sha256 != b.sha256:
        found.decisions.note(a.at)
    for kind, counts in found.kinds.items():
        if stands[0].get(kind) != stands[1].get(kind):
            counts.note(a.at)
    if _digest(a.inputs) != _digest(b.inputs):
        found.inputs.note(a.at)


def _explain(found: Comparison, a: RecordedRun, b: RecordedRun) -> None:
    """Decide the tick on which they part once more in both, and look at what each says and why."""
    firsts = {kind: counts.first_at for kind, counts in found.kinds.items() if counts.first_at is not None}
    seen = {kind: at for kind, at in firsts.items() if kind in DECIDED}
    assert found.decisions.first_at is not None  # noqa: S101 -- something differs
    at = min(seen.values()) if seen else min(firsts.values(), default=found.decisions.first_at)
    players = _stand(found, a, b, at)
    kinds = [kind for kind in seen or firsts if firsts[kind] <= at]
    found.first = tuple(parted(a.town, players[0].engine, players[1].engine, kinds))
    found.settings = differences(players[0].engine.settings, players[1].engine.settings)
    earlier = {kind: when for kind, when in firsts.items() if when < at and kind not in DECIDED}
    if earlier:
        kind = min(earlier, key=lambda one: earlier[one])
        players = _stand(found, a, b, earlier[kind])
        found.before = next(iter(parted(a.town, players[0].engine, players[1].engine, [kind])), None)


def _stand(found: Comparison, a: RecordedRun, b: RecordedRun, at: datetime) -> tuple[Player, Player]:
    """Both after the tick at that instant."""
    players = Player(a), Player(b)
    for player in players:
        player.seek(at - INSTANT)
        turned = player.step()
        found.agrees = found.agrees and turned is not None and turned.is_identical
    return players


def _side_by_side(a: Iterator[Line], b: Iterator[Line]) -> Iterator[tuple[Line | None, Line | None]]:
    """Ticks of both by their instants; None where only the other has one."""
    one, other = next(a, None), next(b, None)
    while one is not None or other is not None:
        if other is None or (one is not None and one.at < other.at):
            yield one, None
            one = next(a, None)
        elif one is None or other.at < one.at:
            yield None, other
            other = next(b, None)
        else:
            yield one, other
            one, other = next(a, None), next(b, None)


def _digest(inputs: tuple[Input, ...]) -> bytes:
    return sha256(encode_inputs(value for value in inputs if not isinstance(value, FOLLOW))).digest()


def _measures(a: RecordedRun, b: RecordedRun) -> Iterator[tuple[str, tuple[float | None, float | None]]]:
    """Figures that both have, A's and B's."""
    ours, theirs = _figures(a), _figures(b)
    return ((name, (ours[name], theirs[name])) for name in ours if name in theirs)


def _figures(run: RecordedRun) -> dict[str, float | None]:
    if run.end is None:
        return {}
    report = run.end.report
    figures: dict[str, float | None] = {name: report[name] for name in ("sign_changes", "alerts", "cases", "readings")}
    for minutes, score in report["forecast"].items():
        figures[f"forecast_{minutes}_mae"] = score["mae"]
    return figures | dict(run.end.measures or {})
