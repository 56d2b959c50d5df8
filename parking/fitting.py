"""Fits the forecast from stored slots, in a process of its own: it may take many seconds of a core."""

import asyncio
import signal
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from datetime import datetime
from itertools import groupby
from multiprocessing import active_children, get_context

import numpy as np
from numpy.typing import NDArray

from forecast.forecaster import Forecaster
from parking.domain.errors import EdgeDown
from parking.domain.inputs import ModelFitted
from parking.domain.occupancy import Occupancy
from parking.domain.town import Town


def fit_model(town: Town, slots: Sequence[Occupancy], until: datetime) -> ModelFitted:
    """Coefficients learnt from these slots.

    Args:
        town: the lots, in the order the engine has them, and their calendar.
        slots: oldest first; lots without a number are unknown there.
        until: slots at or after it are not looked at.

    Raises:
        TooFewSlots: not enough history for any model.
    """
    index = {lot.id: i for i, lot in enumerate(town.lots)}
    times, rows = [], []
    for at, group in groupby((slot for slot in slots if slot.at < until), key=lambda slot: slot.at):
        taken = np.full(len(index), np.nan)
        for slot in group:
            if slot.free is not None and (i := index.get(slot.lot)) is not None:
                taken[i] = slot.taken
        times.append(at)
        rows.append(taken)
    return fit_columns(town, times, np.array(rows).reshape(len(times), len(index)))


def fit_columns(town: Town, times: Sequence[datetime], taken: NDArray[np.float64]) -> ModelFitted:
    """The same from columns: begins of slots (T,), UTC, ascending; taken bays (T, L), NaN unknown."""
    forecaster = Forecaster([lot.capacity for lot in town.lots], town.calendar, town.calendar.timezone)
    forecaster.learn(times, taken)
    model = forecaster.refit()
    return ModelFitted(model.name, model.fitted_at, model.coefficients)


async def fit_apart(town: Town, slots: Sequence[Occupancy], until: datetime) -> ModelFitted:
    """Fit in a process of its own, which lives no longer than the fit; whoever cancels the fit need not wait for it."""
    ignore_ctrl_c = (signal.SIGINT, signal.SIG_IGN)  # it is for the service, which ends the pool
    pool = ProcessPoolExecutor(1, get_context("spawn"), initializer=signal.signal, initargs=ignore_ctrl_c)
    try:
        return await asyncio.get_running_loop().run_in_executor(pool, fit_model, town, slots, until)
    except BrokenProcessPool as trouble:
        raise EdgeDown(f"the fitting process was killed ({trouble}); is memory short?") from trouble
    finally:
        for process in active_children():
            process.kill()
        pool.shutdown(wait=False, cancel_futures=True)
