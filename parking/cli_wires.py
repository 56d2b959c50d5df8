"""`parking replay --wires`: the same recording through broker, database and signs, as the service would meet it.

A run of its own: its own schema and topic root, which on servers that somebody else runs are removed at the end.
"""

import asyncio
import secrets
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from parking.app import House, Loop, run
from parking.broker import Broker
from parking.cli_demo import HARDWARE_BEGINS_S, hardware_process
from parking.domain.errors import EdgeDown
from parking.domain.inputs import ModelFitted
from parking.domain.settings import Settings
from parking.flow.hindsight import judge
from parking.logs import configure_logs
from parking.mqtt import Publisher
from parking.ports import Stores
from parking.postgres.embedded import embedded
from parking.postgres.forget import forget_run
from parking.postgres.open import open_stores
from parking.recorded import Recording
from parking.settings import ROLES, ServiceSettings, read_settings
from parking.signals import run_until_told
from parking.started import STARTED_S
from parking.streetclock import StreetClock, StreetTime, begin
from parking.web.app import RunKind
from sim.recorded import tape_of, write_tape

TAKEN_S: Final = 30.0
"""Machine seconds after the end in which everything said must have been taken; a broker that was away may need them."""
LOOK_S: Final = 0.25
"""Machine seconds between two looks at the store while the last of it is awaited."""
CLEAR_S: Final = 5.0
"""Machine seconds that clearing the topics on somebody else's broker may take."""


def replay_over_wires(
    recording: Recording,
    start: datetime,
    end: datetime,
    *,
    speed: float,
    quiet: bool,
    learnt: ModelFitted | None = None,
    data: Path | None = None,
) -> dict[str, object]:
    """Turn [start, end) through a whole house at `speed`; what its store tells afterwards, as a replay without wires.

    A signal ends it in order, with the process and without a result.

    Args:
        recording: whose town, devices and signs are on the wires.
        start: street time at which it begins.
        end: it ends by itself when street time has passed it and everything said has been taken.
        speed: street seconds in a machine second.
        quiet: no progress.
        learnt: what the forecast knows from before `start`.
        data: where the run's embedded database is kept, under the result's `run`; None leaves nothing.
    """
    configure_logs("console", "warning")
    replay = _Replay(recording, start, end, speed, quiet, learnt, data)
    code = run_until_told(replay.run())
    if replay.result is None:
        sys.exit(code)
    return replay.result


@dataclass
class _Replay:
    """One replay over wires."""

    recording: Recording
    start: datetime
    end: datetime
    speed: float
    quiet: bool
    learnt: ModelFitted | None
    data: Path | None
    result: dict[str, object] | None = None
    name: str = field(default_factory=lambda: f"replay_{secrets.token_hex(4)}")
    """Of the run: two replays on the same servers never meet."""
    street: StreetTime | None = None

    async def run(self) -> None:
        """Everything from the first server to the last look at the store."""
        async with AsyncExitStack() as opened:
            scratch = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="parking-replay-")))
            settings = await opened.enter_async_context(self._settings(scratch))
            stores = await open_stores(_url(settings), settings.run)
            opened.push_async_callback(stores.close)
            if self.learnt is not None:
                await stores.intake.keep(others=(self.learnt,))
            await self._in_the_house(settings, stores, self._write_tape(scratch))

    @asynccontextmanager
    async def _settings(self, scratch: Path) -> AsyncIterator[ServiceSettings]:
        """Those of this installation, but nobody outside hears of a replay; its traces are removed afterwards."""
        root = f"parking/replay/{self.name}"
        given = read_settings(data=self.data or scratch, port=0, run=self.name, topic_root=root, roles=ROLES)
        settings = given.model_copy(update={"webhook_url": None, "webhook_secret_file": None, "log_level": "warning"})
        if settings.database_url is None:
            async with embedded(settings.data / "postgres", durable=False) as url:
                yield settings.model_copy(update={"database_url": SecretStr(url)})
            return
        try:
            yield settings
        finally:
            with _told(f"schema {settings.run}"):
                await forget_run(_url(settings), settings.run)

    def _write_tape(self, scratch: Path) -> Path:
        tape = scratch / "tape.json"
        write_tape(tape_of(self.recording.town, self.recording.readings(self.start, self.end)), tape)
        return tape

    async def _in_the_house(self, settings: ServiceSettings, stores: Stores, tape: Path) -> None:
        ready = asyncio.Event()

        def on_ready(url: str) -> None:
            print(f"ready {url} ({time.monotonic() - STARTED_S:.1f} s)", file=sys.stderr, flush=True)
            ready.set()

        house = House(
            town=self.recording.town,
            settings=settings,
            begin=self._begin,
            kind=RunKind.REPLAY,
            durable=False,
            neutral_at_end=True,
            beside=lambda broker, street: self._hardware(settings, tape, broker, street),
        )
        async with asyncio.TaskGroup() as tasks:
            service = tasks.create_task(run(house, on_ready=on_ready))
            await ready.wait()
            self.result = await self._watch(stores, settings.thresholds)
            service.cancel()

    def _begin(self) -> StreetTime:
        self.street = begin(self.start, self.speed, in_s=HARDWARE_BEGINS_S)
        return self.street

    @asynccontextmanager
    async def _hardware(
        self, settings: ServiceSettings, tape: Path, broker: Broker, street: StreetTime
    ) -> AsyncIterator[Loop]:
        try:
            async with _process(tape, broker.url, settings.topic_root, street) as watch:
                yield watch
        finally:
            if settings.broker_url is not None:
                await self._clear_topics(broker, settings.topic_root)

    async def _watch(self, stores: Stores, thresholds: Settings) -> dict[str, object]:
        """Tell how far it is until all is over and taken, then look back."""
        assert self.street is not None  # noqa: S101 -- a house that is ready has begun
        clock = StreetClock(self.street)
        while (now := clock.now()) < self.end:
            self._tell(now)
            await clock.sleep_until(min(self.end, now + timedelta(seconds=self.speed)))
        over = time.perf_counter()
        rows = sum(1 for _ in self.recording.readings(self.start, self.end))
        try:
            async with asyncio.timeout(TAKEN_S):
                await _until_taken(stores, clock, self.start, self.end, rows)
        except TimeoutError:
            print(f"\n{rows} rows were said, but not all have been taken {TAKEN_S:.0f} s later", file=sys.stderr)
        last_s = time.perf_counter() - over
        report = await judge(stores, self.recording.town, self.start, self.end, thresholds)
        report.wall_s = report.simulated_s / self.speed + last_s
        span = {"from": self.start.isoformat(), "to": self.end.isoformat()}
        confirmed = sum(one.sequence > 0 for one in await stores.confirmations.newest_shown())
        signs = {"signs": len(self.recording.town.signs), "signs_confirmed": confirmed}
        told = {"rows": rows, "rows_refused": self.recording.refused, "run": self.name}
        return report.as_dict() | span | signs | told

    def _tell(self, now: datetime) -> None:
        if not self.quiet and sys.stderr.isatty():
            share = (now - self.start) / (self.end - self.start)
            print(f"\r{share:6.1%}  {now:%Y-%m-%d %H:%M} UTC  ×{self.speed:g}", end="", file=sys.stderr, flush=True)

    async def _clear_topics(self, broker: Broker, root: str) -> None:
        """Nothing stays retained on a broker that is not ours."""
        with _told(f"retained topics below {root}"):
            async with (
                asyncio.timeout(CLEAR_S),
                Publisher(broker.url, root=root, client_id=f"{self.name}-clear") as end,
            ):
                await end.connected()
                await end.clear_orphans(())
                for device in self.recording.town.devices:
                    await end.publish(f"devices/{device.id}/status", b"", retain=True)


def _process(tape: Path, broker_url: str, root: str, street: StreetTime) -> AbstractAsyncContextManager[Loop]:
    options = {
        "--broker": broker_url,
        "--root": root,
        "--t0": street.t0.isoformat(),
        "--m0": repr(street.m0),
        "--speed": repr(street.speed),
        "--log-level": "warning",
    }
    words = [word for pair in options.items() for word in pair]
    return hardware_process([sys.executable, "-m", "sim", "recorded", str(tape), *words, "--with-parent"])


async def _until_taken(stores: Stores, clock: StreetClock, start: datetime, end: datetime, rows: int) -> None:
    """Return when all rows are stored and a tick that began later has taken them."""
    # The store tells nobody of its news.
    while (await stores.tallies.tally(start, end)).readings < rows:  # noqa: ASYNC110 -- see above
        await asyncio.sleep(LOOK_S)
    stored_at = clock.now()
    while not await stores.ledger.ticks_after(stored_at):  # noqa: ASYNC110 -- see above
        await asyncio.sleep(LOOK_S)


@contextmanager
def _told(what: str) -> Iterator[None]:
    """A server that has gone cannot be tidied: say what stays there, and end."""
    try:
        yield
    except (EdgeDown, TimeoutError) as trouble:
        print(f"parking: {what} could not be removed: {str(trouble) or 'no answer'}; remove it", file=sys.stderr)


def _url(settings: ServiceSettings) -> str:
    assert settings.database_url is not None  # noqa: S101 -- a replay has always opened one
    return settings.database_url.get_secret_value()
