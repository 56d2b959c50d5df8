"""The plain counts of the sensors: what a sign without an engine believes of each lot."""

from collections.abc import Iterable

from parking.domain.town import Town
from sim.translate import Said, objects
from sim.wire import Message


class PlainCounts:
    """Takes every reading at its word: a count replaces, gate totals add what passed since, bays are added up."""

    def __init__(self, town: Town) -> None:
        self._index = {str(lot.id): nth for nth, lot in enumerate(town.lots)}
        self.taken: list[int | None] = [None] * len(town.lots)
        """Taken bays by lot, in the town's order; None while nothing was heard."""
        self._inside: dict[tuple[str, int], int] = {}
        self._bays: dict[str, dict[str, bool]] = {}

    def hear(self, said: Iterable[Message]) -> None:
        """Messages in the order they came."""
        for message in said:
            if message.topic.endswith("/reading"):
                for one in objects(message):
                    self._take(one)

    def _take(self, one: Said) -> None:
        if one["kind"] == "count":
            self.taken[self._index[one["lot"]]] = one["taken"]
        elif one["kind"] == "gate":
            self._pass(one, self._index[one["lot"]])
        elif one["kind"] == "bay":
            bays = self._bays.setdefault(one["lot"], {})
            bays[one["bay"]] = one["taken"]
            self.taken[self._index[one["lot"]]] = sum(bays.values())

    def _pass(self, one: Said, lot: int) -> None:
        source, inside = (one["device"], one["boot"]), one["entered"] - one["left"]
        before, known = self._inside.get(source), self.taken[lot]
        self._inside[source] = inside
        if before is not None and known is not None:
            self.taken[lot] = known + inside - before
