"""Alerts held against the truth: found, right, how late, how often for nothing.

An alert matches an episode of its kind at its lot, or on a section of its corridor, when it stood at some time from
2 min before the episode's begin to its end. Alerts about filling lots, devices and signs are not judged here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final, TypeAlias

from parking.domain.town import Town
from sim.episodes import CLOSED, JAM, QUEUE, Episode

JUDGED: Final = (JAM, QUEUE, CLOSED)
BEFORE_S: Final = 120
"""An alert may be so much before the first slow instant: detectors look at other things than the mean speed."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """What a policy told people of, seconds since 1970."""

    kind: str
    subject: str
    raised_at: float
    cleared_at: float | None
    """None while it stands."""


Where: TypeAlias = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Tried:
    """One kind of trouble, or all of them: what there was, and what was told of it."""

    episodes: int
    """That are asked to be found: ripe, begun in the measured time."""
    found: int
    missed: int
    delays_s: tuple[float, ...]
    """Of those found, from the first instant to the alert; 0 when one stood already."""
    right: int
    """Alerts raised in the measured time that match something …"""
    false: int
    """… and that match nothing. Those for what was not ripe are neither."""


def by_kind(
    town: Town, episodes: Sequence[Episode], alarms: Sequence[Alarm], begins: int, ends: int
) -> dict[str, Tried]:
    """Episodes of [begins, ends) and alerts raised in it, by kind.

    Episodes that are not ripe when they end count for nobody: an alert for one is neither right nor false. What began
    before the measured time is not asked to be found, and an alert for it is right.
    """
    place = _places(town)
    return {kind: _tried(kind, episodes, alarms, begins, ends, place) for kind in JUDGED}


def verdict(
    town: Town, episodes: Sequence[Episode], alarms: Sequence[Alarm] | None, begins: int, ends: int
) -> dict[str, float | None]:
    """The four measures of alerts in [begins, ends) over all kinds; None where nothing can be said."""
    keys = ("alerts_found_share", "alerts_right_share", "alerts_delay_s_mean", "alerts_false_per_section_hour")
    if alarms is None:
        return dict.fromkeys(keys)
    kinds = by_kind(town, episodes, alarms, begins, ends)
    asked, right = sum(one.episodes for one in kinds.values()), sum(one.right for one in kinds.values())
    told = right + sum(one.false for one in kinds.values())
    delays = [delay for one in kinds.values() for delay in one.delays_s]
    section_hours = len(town.sections) * (ends - begins) / 3600
    return {
        keys[0]: len(delays) / asked if asked else None,
        keys[1]: right / told if told else None,
        keys[2]: fmean(delays) if delays else None,
        keys[3]: kinds[JAM].false / section_hours if section_hours else None,
    }


def _tried(
    kind: str, episodes: Sequence[Episode], alarms: Sequence[Alarm], begins: int, ends: int, place: Where
) -> Tried:
    there = [one for one in episodes if one.kind == kind]
    told = [one for one in alarms if one.kind == kind and begins <= one.raised_at < ends]
    asked = [one for one in there if one.is_ripe and begins < one.begins]
    delays = [delay for one in asked if (delay := _delay_s(one, alarms, place)) is not None]
    right = sum(any(each.is_ripe and _fits(one, each, place) for each in there) for one in told)
    nothing = sum(not any(_fits(one, each, place) for each in there) for one in told)
    return Tried(len(asked), len(delays), len(asked) - len(delays), tuple(delays), right, nothing)


def _delay_s(episode: Episode, alarms: Sequence[Alarm], place: Where) -> float | None:
    """From the episode's begin to its first alert; 0 when one stood already, None when none came."""
    found = [one.raised_at - episode.begins for one in alarms if _fits(one, episode, place)]
    return max(0.0, min(found)) if found else None


def _fits(alarm: Alarm, episode: Episode, place: Where) -> bool:
    if alarm.kind != episode.kind or place(alarm.kind, alarm.subject) != place(episode.kind, episode.subject):
        return False
    is_early = alarm.cleared_at is not None and alarm.cleared_at < episode.begins - BEFORE_S
    return not is_early and alarm.raised_at <= episode.ends


def _places(town: Town) -> Where:
    corridors = {str(section.id): section.corridor for section in town.sections}
    return lambda kind, subject: corridors.get(subject, subject) if kind == JAM else subject
