"""EDGE. What the loops count, for whoever scrapes `/metrics`: read when asked, kept by the loops themselves."""

from collections.abc import Callable, Iterable, Mapping

from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

Counts = Mapping[str, float]
Said = Callable[[], Counts]


class LoopCounters(Collector):
    """One counter `parking_loop_total` by loop and event; a restart starts at zero, as counters may."""

    def __init__(self, loops: Mapping[str, Said]) -> None:
        self._loops = dict(loops)

    def collect(self) -> Iterable[Metric]:
        """The counts now."""
        family = CounterMetricFamily(
            "parking_loop", "What the loops have done since the start", labels=("loop", "event")
        )
        for loop, said in self._loops.items():
            for event, count in said().items():
                family.add_metric((loop, event), count)
        yield family
