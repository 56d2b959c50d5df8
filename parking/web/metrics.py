"""Gauges read from the present when somebody asks; counters live where things are counted."""

from collections import Counter
from collections.abc import Callable, Iterable

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from parking.domain.alert import AlertKind
from parking.domain.guidance import STATES
from parking.domain.occupancy import QUALITIES
from parking.domain.roadstate import ROAD_LEVELS
from parking.flow.present import PartState
from parking.web.run import RunInfo
from parking.web.scene import Scene
from parking.web.stream import Stream
from parking.web.views.case import FINAL
from parking.web.views.health import part_views
from parking.web.views.lot import lot_view
from parking.web.views.road import section_view
from parking.web.views.sign import SignStatus, status


class PresentCollector(Collector):
    """The present as metrics."""

    def __init__(self, scene: Callable[[], Scene], info: RunInfo, stream: Stream) -> None:
        self._scene = scene
        self._info = info
        self._stream = stream

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand: registering must not read the present."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Everything, as it is now."""
        scene = self._scene()
        yield from self._street(scene)
        yield from self._people(scene)
        yield from self._service(scene)

    def _street(self, scene: Scene) -> Iterable[Metric]:
        lots = [lot_view(scene, lot) for lot in scene.town.lots]
        roads = Counter(section_view(scene, section).level for section in scene.town.sections)
        states, qualities = Counter(lot.state for lot in lots), Counter(lot.quality for lot in lots)
        yield _gauge("parking_lots", "Lots by state word.", "state", {s.value: states[s] for s in STATES})
        yield _gauge("parking_lots_quality", "Lots by quality.", "quality", {q.value: qualities[q] for q in QUALITIES})
        yield _gauge("parking_sections", "Road sections by level.", "level", {r.value: roads[r] for r in ROAD_LEVELS})
        known = [lot.free for lot in lots if lot.free is not None]
        yield GaugeMetricFamily("parking_free_bays", "Free bays of lots that may be trusted.", value=sum(known))

    def _people(self, scene: Scene) -> Iterable[Metric]:
        present = scene.present
        signs = Counter(status(scene, present.wanted.get(s.id), present.shown.get(s.id)) for s in scene.town.signs)
        alerts = Counter(alert.kind for alert in present.alerts.values() if alert.is_open)
        still = [case for case in present.cases.values() if case.stage not in FINAL]
        yield _gauge(
            "parking_signs", "Signs by commanded against confirmed.", "status", {s.value: signs[s] for s in SignStatus}
        )
        yield _gauge("parking_alerts_open", "Open alerts by kind.", "kind", {k.value: alerts[k] for k in AlertKind})
        yield GaugeMetricFamily("parking_cases_open", "Cases that have not ended.", value=len(still))
        late = sum(case.deadline < scene.at for case in still)
        yield GaugeMetricFamily("parking_cases_overdue", "Open cases past their deadline.", value=late)

    def _service(self, scene: Scene) -> Iterable[Metric]:
        parts = {part.name: int(part.state is PartState.UP) for part in part_views(scene, self._info)}
        yield _gauge("parking_part_up", "1 when the part is up.", "part", parts)
        age = scene.age_s(scene.present.at)
        if age is not None:
            yield GaugeMetricFamily("parking_tick_age_seconds", "Street seconds since the last decision.", value=age)
        yield GaugeMetricFamily("parking_stream_clients", "Pages that listen.", value=len(self._stream.clients))
        yield CounterMetricFamily("parking_stream_events", "Stream events numbered.", value=self._stream.last)
        yield CounterMetricFamily("parking_stream_snapshots", "Snapshots sent.", value=self._stream.snapshots)


def _gauge(name: str, help_text: str, label: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, help_text, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family
