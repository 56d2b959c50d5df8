"""A small recording: five minutes of a town with one gate, a snapshot each minute."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from parking.engine import Engine
from parking.recording.nouns import Origin, Source
from parking.recording.recorder import Recorder
from tests.makers import a_gate_reading, a_town

NOON = datetime(2026, 5, 13, 4, tzinfo=UTC)
TICKS = 60
EVERY = timedelta(minutes=1)


def ticking(file: Path, ticks: int = TICKS) -> Recorder:
    """A recorder that has heard so many ticks of a small town with a gate; nobody has finished it."""
    town = a_town()
    engine, recorder = Engine(town), Recorder(file, town, Origin(Source.SIMULATION, "test", seed=1), every=EVERY)
    for n in range(1, ticks + 1):
        at = NOON + timedelta(seconds=5 * n)
        inputs = [a_gate_reading(3 * n, n, at, seq=n)]
        engine.take(inputs)
        recorder.hear(engine, inputs, engine.decide(at))
    return recorder
