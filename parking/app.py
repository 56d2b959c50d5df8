"""THE ROOT: builds the edges, hands them to the loops, one TaskGroup. Nothing else puts parts together.

Starting: database and broker side by side, stores, hardware beside us, signs and feed, the engine as the store says
it was, the page. Ending is the way back: loops, page, signs (neutral when asked for), hardware, feed, stores, servers.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, suppress
from dataclasses import asdict, dataclass
from functools import partial

from prometheus_client import CollectorRegistry

from parking import __version__
from parking.broker import Broker, open_broker
from parking.cases.law import FINAL_STAGES
from parking.codec import encode
from parking.counters import LoopCounters
from parking.device_profiles import dispatch_of
from parking.diary import RunStart
from parking.domain.errors import StoreDown
from parking.domain.occupancy import Occupancy
from parking.domain.town import Town
from parking.engine import STEP_S
from parking.fitting import fit_apart
from parking.flow.announce import Announce
from parking.flow.area import Area
from parking.flow.collect import Collect
from parking.flow.deliver import Deliver
from parking.flow.fit import Fit
from parking.flow.handover import Handover
from parking.flow.keep import keep
from parking.flow.patience import patiently
from parking.flow.present import Part, PartState, Present
from parking.flow.show import Show
from parking.flow.tidy import Tidy
from parking.mqtt import MqttSink, Publisher
from parking.ports import Sink, Stores
from parking.postgres.embedded import embedded
from parking.postgres.open import open_stores
from parking.settings import ServiceSettings
from parking.streetclock import StreetClock, StreetTime, real_time
from parking.web.app import RunInfo, RunKind, WebStores, make_app, serve_app
from parking.webhook import WebhookSink
from sensors.feed import MqttFeed
from signage.drivers.mqtt import MqttSignDriver

log = logging.getLogger(__name__)

Loop = Callable[[], Awaitable[None]]
Beside = Callable[[Broker, StreetTime], AbstractAsyncContextManager[Loop]]
"""Something that runs beside the service (simulated hardware); the loop it gives ends with an error when it dies."""

NEUTRAL_S = 3.0
"""Machine seconds that making the signs neutral may take at the end."""

WATCH_S = 2.0
"""Machine seconds between two looks at the parts."""

MISSED_TICKS = 3
LATE_S = 5.0
"""An engine without a tick for three steps and these machine seconds is down: no busy minute lasts so long."""

NEEDED = ("database", "broker", "engine")


@dataclass(frozen=True, slots=True)
class House:
    """What is to be run."""

    town: Town
    settings: ServiceSettings
    begin: Callable[[], StreetTime] = real_time
    """Called once the servers run: from when on, and how fast, the street's clock runs."""
    kind: RunKind = RunKind.LIVE
    durable: bool = True
    """Whether a power cut must lose nothing; a demo's folder is thrown away anyway."""
    neutral_at_end: bool = False
    past: Callable[[], Sequence[Occupancy]] | None = None
    """Makes slots for the history (simulated past); called in a thread."""
    beside: Beside | None = None


async def run(house: House, *, on_ready: Callable[[str], None]) -> None:
    """Run the service until cancelled; everything that was begun is put away on the way out."""
    async with AsyncExitStack() as opened:
        database_url, broker = await _servers(house, opened)
        street, beside = house.begin(), {}
        if house.beside is not None:
            beside["hardware"] = await opened.enter_async_context(house.beside(broker, street))
        stores = await open_stores(database_url, house.settings.run)
        opened.push_async_callback(stores.close)
        await _note_run(house, street, stores, opened)
        rooms = _Rooms(house, street, stores, broker)
        await rooms.open(opened)
        loops = rooms.loops() | beside
        opened.push_async_callback(rooms.leave_signs)
        url = await rooms.open_page(opened)
        async with asyncio.TaskGroup() as tasks:
            for name, loop in loops.items():
                tasks.create_task(keep(name, loop), name=name)
            await rooms.ready()
            on_ready(url)


async def _note_run(house: House, street: StreetTime, stores: Stores, opened: AsyncExitStack) -> None:
    """This start stands in the diary; a start without an end was killed."""
    machine, thresholds = StreetClock(real_time()), encode(house.settings.thresholds)
    start = RunStart(house.settings.run, house.kind, __version__, street.t0, street.speed, machine.now(), thresholds)

    async def end() -> None:
        with suppress(StoreDown):
            await stores.diary.end(start, machine.now())

    await stores.diary.begin(start)
    opened.push_async_callback(end)


async def _servers(house: House, opened: AsyncExitStack) -> tuple[str, Broker]:
    """Database and broker, started side by side where they are ours."""
    settings = house.settings
    given = settings.broker_url.get_secret_value() if settings.broker_url else None
    broker_part = open_broker(settings.data / "broker", url=given)
    if settings.database_url is not None:
        return settings.database_url.get_secret_value(), await opened.enter_async_context(broker_part)
    database_part = embedded(settings.data / "postgres", durable=house.durable)
    async with asyncio.TaskGroup() as both:
        database = both.create_task(opened.enter_async_context(database_part))
        broker = both.create_task(opened.enter_async_context(broker_part))
    return database.result(), broker.result()


class _Rooms:
    """The parts of one process and the loops that turn them."""

    def __init__(self, house: House, street: StreetTime, stores: Stores, broker: Broker) -> None:
        self.house = house
        self.stores = stores
        self.broker = broker
        self.clock = StreetClock(street)
        self.machine = StreetClock(real_time())
        self.present = Present(house.town)
        self.handover = Handover(stores.intake)
        root, settings, name = house.settings.topic_root, house.settings, f"parking-{house.settings.run}"
        decoder, told = dispatch_of(house.town, settings.town, root), self._told("broker")
        self.feed = MqttFeed(broker.url, decoder, self.clock, root=root, client_id=f"{name}-collect", on_state=told)
        self.publisher = Publisher(broker.url, root=root, client_id=f"{name}-tell", on_state=self._told("publisher"))
        self.collect = Collect(self.feed, stores.intake, self.handover.offer)
        sinks: list[Sink] = [MqttSink(self.publisher)]
        self.webhook: WebhookSink | None = None
        if settings.webhook_url and settings.webhook_secret_file:
            secret = settings.webhook_secret_file.read_text(encoding="utf-8").strip()
            self.webhook = WebhookSink(settings.webhook_url, secret, settings.run, self.machine)
            sinks.append(self.webhook)
        self.deliver = Deliver(stores.outbox, sinks, self.machine)
        driver = MqttSignDriver(self.publisher.publish, self.clock, self.clock.speed)
        self.show = Show({sign.id: driver for sign in house.town.signs})
        self.area = Area(
            house.town,
            settings.thresholds,
            clock=self.clock,
            stores=stores,
            handover=self.handover,
            present=self.present,
            show=self.show,
            wake_outbox=self.deliver.wake,
        )

    async def open(self, opened: AsyncExitStack) -> None:
        """Connect what connects."""
        if "collect" in self.house.settings.roles:
            await opened.enter_async_context(self.feed)
        await opened.enter_async_context(self.publisher)
        if self.webhook is not None:
            await opened.enter_async_context(self.webhook)

    def loops(self) -> dict[str, Loop]:
        """What this process's roles ask for, by name."""
        roles, stores = self.house.settings.roles, self.stores
        loops: dict[str, Loop] = {"tidy": Tidy(stores.retention, self.clock, self.house.settings.retention_days).run}
        loops["watch"] = self._watch
        if "collect" in roles:
            loops["collect"] = self.collect.run
        if "decide" in roles:
            loops |= {
                "decide": self.area.run,
                "show": self.show.run,
                "announce": self._announce_loop,
                "deliver": self.deliver.run,
                "fit": self._fit_loop,
            }
        return loops

    async def _announce_loop(self) -> None:
        """First clear what was retained for things that are no more; then say each change."""
        announce = Announce(self.present, self.publisher.publish)
        await self.area.stands.wait()
        await self.publisher.connected()
        orphans = await patiently(lambda: self.publisher.clear_orphans(self._owned_topics()))
        if orphans:
            log.info("cleared %d retained topics without an owner", len(orphans))
        await announce.run()

    def _owned_topics(self) -> frozenset[str]:
        town, present = self.house.town, self.present
        return frozenset(
            (
                *(f"signs/{sign.id}/show" for sign in town.signs),
                *(f"lots/{lot.id}/state" for lot in town.lots),
                *(f"alerts/{alert.id}" for alert in present.alerts.values() if alert.is_open),
                *(f"cases/{case.no}" for case in present.cases.values() if case.stage not in FINAL_STAGES),
            )
        )

    async def _fit_loop(self) -> None:
        if self.house.past is not None:
            await self.stores.histories.add_lot_slots(await asyncio.to_thread(self.house.past))
        fit = Fit(
            self.house.town,
            clock=self.clock,
            histories=self.stores.histories,
            intake=self.stores.intake,
            offer=self.handover.offer,
            fit=fit_apart,
        )
        await fit.run()

    async def _watch(self) -> None:
        """Says how the parts are doing, for the health page."""
        while True:
            try:
                await self.stores.ping()
                self._told("database")(True, "")
            except StoreDown as trouble:
                self._told("database")(False, str(trouble))
            if self.area.ticks:
                self._tell_engine()
            await asyncio.sleep(WATCH_S)

    async def ready(self) -> None:
        """Return when the deciding process has committed its first tick."""
        if "decide" in self.house.settings.roles:
            await self.area.ticked.wait()
            self._told("database")(True, "")
            self._tell_engine()

    def _tell_engine(self) -> None:
        """Up as long as it ticks: a street clock behind the last tick stops it as surely as a bug."""
        silent_s = self.area.since_tick_s()
        up = silent_s < MISSED_TICKS * STEP_S / self.clock.speed + LATE_S
        self._told("engine")(up, "" if up else f"no tick for {silent_s:.0f} s: is the clock behind the last tick?")

    def _told(self, name: str) -> Callable[[bool, str], None]:
        def told(up: bool, detail: str) -> None:
            state = PartState.UP if up else PartState.DOWN
            self.present.put_part(Part(name, state, self.clock.now(), detail))

        return told

    async def open_page(self, opened: AsyncExitStack) -> str:
        """Serve page and API; the URL, or nothing without that role."""
        settings = self.house.settings
        if "web" not in settings.roles:
            return ""
        info = RunInfo(settings.run, self.house.kind, self.clock.speed, __version__, NEEDED)
        registry = CollectorRegistry()
        registry.register(LoopCounters(self._counts()))
        app = make_app(
            self.present,
            stores=WebStores(self.stores.histories, self.stores.cases, self.stores.pasts),
            clock=self.clock,
            info=info,
            registry=registry,
            settings=settings.thresholds,
            town=settings.town,
        )
        port = await opened.enter_async_context(serve_app(app, host=settings.host, port=settings.port))
        return f"http://{settings.host}:{port}"

    def _counts(self) -> dict[str, Callable[[], dict[str, float]]]:
        """What each loop has done since the start."""
        return {
            "collect": lambda: asdict(self.collect.counts),
            "decide": lambda: {"ticks": self.area.ticks},
            "show": lambda: {"refused": self.show.failed},
            **{f"deliver_{name}": partial(asdict, counts) for name, counts in self.deliver.counts.items()},
        }

    async def leave_signs(self) -> None:
        """A demo leaves its signs neutral; a service leaves them to their `until`, so that a restart flips none."""
        if self.house.neutral_at_end:
            with suppress(TimeoutError):
                async with asyncio.timeout(NEUTRAL_S):
                    await self.show.neutral()
