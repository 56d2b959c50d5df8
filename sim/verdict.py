"""Alerts held against the truth: found, right, how late, how often for nothing.

An alert matches an episode of its kind at its lot, or on a section of its corridor, when it stood at some time from
2 min before the episode's begin to its end. Alerts about filling lots, devices and signs are not judged here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final, TypeAlias

from parking.domain.town import Town
from sim.episodes import JAM, QUEUE, Episode

JUDGED: Final = (JAM, QUEUE)
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


def verdict(
    town: Town, episodes: Sequence[Episode], alarms: Sequence[Alarm] | None, begins: int, ends: int
) -> dict[str, float | None]:
    """The four measures of alerts in [begins, ends); None where nothing can be said.

    Episodes that are not ripe when they end count for nobody: an alert for one is neither right nor false. What began
    before the measured time is not asked to be found, and an alert for it is right.
    """
    keys = ("alerts_found_share", "alerts_right_share", "alerts_delay_s_mean", "alerts_false_per_section_hour")
    if alarms is None:
        return dict.fromkeys(keys)
    place = _places(town)
    told = [one for one in alarms if one.kind in JUDGED and begins <= one.raised_at < ends]
    asked = [one for one in episodes if one.is_ripe and begins < one.begins]
    delays = [_delay_s(one, alarms, place) for one in asked]
    heard = [one for one in delays if one is not None]
    right = [one for one in told if any(each.is_ripe and _fits(one, each, place) for each in episodes)]
    unsure = [one for one in told if one not in right and any(_fits(one, each, place) for each in episodes)]
    judged, jams = len(told) - len(unsure), [one for one in told if one.kind == JAM]
    false = sum(one not in right and one not in unsure for one in jams)
    hours = (ends - begins) / 3600
    return {
        keys[0]: len(heard) / len(asked) if asked else None,
        keys[1]: len(right) / judged if judged else None,
        keys[2]: fmean(heard) if heard else None,
        keys[3]: false / (len(town.sections) * hours) if town.sections else None,
    }


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
