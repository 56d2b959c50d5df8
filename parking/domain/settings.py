"""Thresholds of every decision, with their defaults. A settings value is an input of the engine like any other.

Defaults carry the project's choices of the domain notes (no Chinese standard's numbers could be read);
every one of them may be changed by whoever runs the service.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class EstimateSettings:
    """How sources of a lot are weighed; standard deviations in bays or shares of capacity."""

    passage_sd: float = 0.25
    """Error a gate adds with each passage: 3 % missed and 1.5 % double counts give about 0.21."""
    barrier_count_sd_share: float = 0.01
    camera_count_sd_share: float = 0.04
    person_count_sd: float = 0.5
    idle_sd_per_hour_share: float = 0.002
    """What cars slipping past unseen add to the variance, as a share of capacity an hour."""
    unseen_sd_per_hour_share: float = 0.10
    """What may come and go in an hour while neither gate nor bay sensor sees it, as a share of capacity: recorded
    lots of six cities moved by 4 to 6 % in a mean hour."""
    degraded_sd_share: float = 0.08
    """Above it an estimate is DEGRADED."""
    unknown_sd_share: float = 0.2
    """Above it nobody can know: UNKNOWN."""


@dataclass(frozen=True, slots=True)
class SignSettings:
    """States of a panel: two thresholds each, so that a series around a limit does not flap."""

    free_enter_share: float = 0.20
    free_leave_share: float = 0.15
    full_enter_share: float = 0.02
    full_enter_bays: int = 2
    full_leave_share: float = 0.05
    full_leave_bays: int = 5
    full_leave_hold_s: float = 60.0
    least_between_changes_s: float = 30.0
    """Except towards FULL, CLOSED and UNKNOWN."""
    calm_s: float = 600.0
    """A word that was just left is not taken up again near its limit before this: at most two changes in this time."""
    clear_of_limit_factor: float = 2.0
    """With this many times the bays that end FULL, a lot is clear of the limit and need not wait `calm_s`."""
    early_full_below_p: float = 0.5
    """FULL may come early only when the chance of a free bay on arrival is below this."""
    valid_s: float = 180.0
    """Guidance without renewal ends after this: the sign goes neutral by itself."""
    renew_s: float = 60.0
    """Unchanged guidance is said again after this."""
    fresh_readings_to_return: int = 2
    """Fresh trusted readings before a panel leaves UNKNOWN."""


@dataclass(frozen=True, slots=True)
class RoadSettings:
    """Section levels by speed against the street's own free flow (county streets are slow by nature)."""

    level_ratios: tuple[float, float, float, float] = (0.7, 0.5, 0.4, 0.3)
    """free above the first … severe below the last."""
    dead_band: float = 0.04
    """A level is left downwards only when the ratio is this far above its limit."""
    smoothing_s: float = 60.0
    on_cycles: tuple[int, int] = (3, 2)
    """60 s cycles before a jam is raised: light or moderate, severe."""
    off_cycles: int = 5
    """60 s cycles one level below before it clears."""


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """When something on the street asks for a person."""

    filling_share: float = 0.05
    """A lot is about to fill when the forecast leaves less than this share free …"""
    filling_within_min: int = 30
    """… within this many minutes."""
    grade_iv_light_min: float = 15.0
    grade_iii_moderate_min: float = 15.0
    grade_iii_severe_min: float = 5.0
    grade_ii_severe_min: float = 30.0
    grade_i_severe_min: float = 60.0
    grade_ii_queue_m: float = 1000.0
    grade_i_queue_m: float = 2000.0
    queue_on_delay_s: float = 60.0
    queue_grade_iii_min: float = 5.0
    off_delay_s: float = 300.0
    sign_confirm_s: float = 60.0
    """A sign that has not confirmed what it was told after this is a fault."""
    metres_per_car: float = 7.0


@dataclass(frozen=True, slots=True)
class ForecastSettings:
    """What is forecast and how often."""

    step_min: int = 5
    horizons_min: tuple[int, ...] = (5, 15, 30, 60, 120, 360, 1440)
    quantiles: tuple[float, ...] = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class Settings:
    """All thresholds together; one version decides at a time."""

    version: int = 1
    estimate: EstimateSettings = field(default_factory=EstimateSettings)
    signs: SignSettings = field(default_factory=SignSettings)
    roads: RoadSettings = field(default_factory=RoadSettings)
    alerts: AlertSettings = field(default_factory=AlertSettings)
    forecast: ForecastSettings = field(default_factory=ForecastSettings)
