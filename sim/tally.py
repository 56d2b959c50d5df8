"""What lots, sections and signs were like while a run went on, looked at on the grid of decisions."""

from collections.abc import Iterable, Sequence
from typing import Final

from parking.domain.guidance import State
from parking.domain.town import Town
from sim.policies import Order
from sim.street import Street
from sim.traffic import METRES_A_CAR

JAMMED_SHARE: Final = 0.3
"""A section is jammed while its mean speed is below this share of its limit."""


class Tally:
    """Sums over one run; `look` at equal steps."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self.looks = 0
        self.spilled = 0
        """Looks at a lot whose entrance queue stood on the section."""
        self.jammed = 0
        """Looks at a section that was jammed."""
        self.queued = 0
        """Cars that waited in front of gates, over all looks …"""
        self.longest = 0
        """… and the most at one gate at one look."""
        self.changes = 0
        """State words that changed on panels of a single lot; the first word of a panel is no change."""
        self.errors = 0.0
        """Sum of |believed − true| / capacity …"""
        self.beliefs = 0
        """… over so many looks at a lot about which something was believed."""
        self._words: dict[tuple[str, int], State] = {}
        self._single = {
            str(sign.id): [nth for nth, panel in enumerate(sign.panels) if len(panel.lots) == 1] for sign in town.signs
        }

    @property
    def panels(self) -> int:
        """Panels that stand for one lot."""
        return sum(len(lines) for lines in self._single.values())

    def hear(self, orders: Iterable[Order]) -> None:
        """Count changes of words."""
        for order in orders:
            for line in self._single[order.sign]:
                word, before = order.words[line], self._words.get((order.sign, line))
                self._words[order.sign, line] = word
                self.changes += before is not None and before is not word

    def look(self, street: Street, believed: Sequence[float | None]) -> None:
        """Count who is in trouble now, and how far off the belief is."""
        self.looks += 1
        waiting = [park.waiting for park in street.carparks]
        self.queued += sum(waiting)
        self.longest = max(self.longest, *waiting)
        self.spilled += sum(park.spilled_m(METRES_A_CAR) > 0 for park in street.carparks)
        speeds = zip(self._town.sections, street.traffic.speed_kmh, strict=True)
        self.jammed += sum(speed < JAMMED_SHARE * section.limit_kmh for section, speed in speeds)
        for taken, park in zip(believed, street.carparks, strict=False):
            if taken is not None:
                self.beliefs += 1
                self.errors += abs(taken - park.taken) / park.capacity
