"""A recording played through, and what it came to: the keys of any replay, and whether it was the same as before."""

from collections.abc import Iterator
from datetime import datetime

from parking.domain.reading import Head, StatusReading
from parking.flow.replay import Account
from parking.recording.nouns import Turned
from parking.recording.player import INSTANT, Player


class Checked:
    """Keeps account of ticks that are decided again, and holds each against the first time."""

    def __init__(self, player: Player) -> None:
        self._player = player
        self.account = Account(len(player.run.town.lots))
        self.different = 0
        self.first_different: datetime | None = None
        self.wall_s = 0.0
        """Told by whoever looks at a clock."""

    def hear(self, turned: Turned) -> None:
        """One tick more."""
        readings = sum(isinstance(one, Head) and not isinstance(one, StatusReading) for one in self._player.inputs)
        self.account.hear(readings, turned.decisions, turned.encoded)
        if not turned.is_identical:
            self.different += 1
            self.first_different = self.first_different or turned.line.at

    def as_dict(self, begins: datetime, ends: datetime) -> dict[str, object]:
        """Plain values for JSON, of the stretch [begins, ends) that was asked for."""
        report, run = self.account.close(), self._player.run
        report.wall_s = self.wall_s
        report.simulated_s = report.decisions * float(run.header.step_s)
        return report.as_dict() | {
            "identical": self.different == 0 and report.decisions > 0,
            "different": self.different,
            "first_different_at": None if self.first_different is None else self.first_different.isoformat(),
            "cut_short": run.is_cut_short,
            "from": begins.isoformat(),
            "to": ends.isoformat(),
        }


def ticks(player: Player, begins: datetime, ends: datetime) -> Iterator[Turned]:
    """Every tick of [begins, ends), decided one after the other; those before are decided in silence."""
    player.seek(begins - INSTANT)
    while (at := player.next_at) is not None and at < ends:
        turned = player.step()
        assert turned is not None  # noqa: S101 -- there is a next tick
        yield turned
