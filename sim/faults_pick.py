"""Faults that befall some of many, `3 of gate-*`: which ones, the run's seed says."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from parking.domain.town import Town
from sim.faults import Fault
from sim.streams import Purpose, stream

SOME_OF: Final = re.compile(r"(\d{1,4}) of (.+)")


def pattern_of(who: str) -> str:
    """The pattern in `3 of gate-*`; anything else is its own."""
    found = SOME_OF.fullmatch(who)
    return found[2] if found else who


def picked(faults: Sequence[Fault], town: Town, seed: int) -> tuple[Fault, ...]:
    """The same faults with names in the place of every `3 of …`: drawn by the seed, in the order of the registry."""
    return tuple(
        replace(fault, who=tuple(name for who in fault.who for name in _names(fault, who, nth, town, seed)))
        for nth, fault in enumerate(faults)
    )


def _names(fault: Fault, who: str, nth: int, town: Town, seed: int) -> tuple[str, ...]:
    found = SOME_OF.fullmatch(who)
    if found is None:
        return (who,)
    alone = Fault(fault.kind, (found[2],))
    known = [str(one.id) for one in town.devices if alone.befalls(str(one.id), one.kind)]
    known += [str(lot.id) for lot in town.lots if alone.befalls(str(lot.id))]
    if not known:
        return (who,)
    chance = stream(seed, Purpose.FAULTS, "pick", fault.kind.value, nth, fault.seed)
    chosen = chance.choice(len(known), size=min(int(found[1]), len(known)), replace=False)
    return tuple(known[at] for at in sorted(chosen.tolist()))
