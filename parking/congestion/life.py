"""One alert from its first version to its last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from parking.congestion.condition import Condition
from parking.congestion.grades import CONGESTED, Burden, Spell, grade_of
from parking.congestion.isa import state_of
from parking.domain.alert import Alert, AlertState, Grade
from parking.domain.ids import AlertId, CaseNo
from parking.domain.roadstate import ROAD_LEVELS, RoadLevel
from parking.domain.settings import AlertSettings


@dataclass(slots=True)
class Life:
    """What is remembered of an alert besides its newest version."""

    key: str
    """Kind and corridor: conditions with it belong to this alert."""
    alert: Alert
    active_at: datetime
    """Last tick with a condition."""
    off_delay_s: float
    whole: Spell
    members: dict[str, Spell] = field(default_factory=dict)
    """Subjects that had a condition, by name."""
    levels: dict[RoadLevel, Spell] = field(default_factory=dict)
    evidence: Mapping[str, float] = field(default_factory=dict)
    """Newest numbers; a version takes them along when it has something to say."""
    reason: str = ""
    queue_m: float | None = None
    broken: bool = False
    told_members: int = 0
    acknowledged_by: str = ""
    shelved_until: datetime | None = None
    case_no: CaseNo | None = None
    case_open: bool = False

    def feel(self, now: datetime, conditions: Sequence[Condition]) -> None:
        """These conditions hold now: the worst speaks for all."""
        lead = worst(conditions)
        self.active_at = self.whole.last_at = now
        self.off_delay_s = self.off_delay_s if lead.off_delay_s is None else lead.off_delay_s
        for condition in conditions:
            self.members[condition.subject] = self._stretched(self.members.get(condition.subject), now, now)
        first = now if self.levels else lead.since
        for level in CONGESTED:
            if lead.level is not None and ROAD_LEVELS.index(level) <= ROAD_LEVELS.index(lead.level):
                self.levels[level] = self._stretched(self.levels.get(level), now, first)
        self.evidence, self.reason, self.broken = lead.evidence, lead.reason, lead.broken
        self.queue_m = max((c.queue_m for c in conditions if c.queue_m is not None), default=None)

    def _stretched(self, spell: Spell | None, now: datetime, first: datetime) -> Spell:
        if spell is None or not spell.lasts(now, self.off_delay_s):
            return Spell(first, now)
        return Spell(spell.began_at, now)

    def turn(self, now: datetime, settings: AlertSettings, *, planned: bool) -> Alert | None:
        """The next version, when there is something to say."""
        self._forget(now)
        before = self.alert
        normal = not before.is_open or now - self.active_at >= timedelta(seconds=self.off_delay_s)
        state = state_of(
            normal=normal and before.version > 0,
            acknowledged=bool(self.acknowledged_by),
            shelved=self.shelved_until is not None,
            planned=planned,
            was=before.state if before.version else None,
        )
        grade = before.grade if normal and before.version else self._grade(settings)
        told = (state, grade, self._held_reason(), len(self.members), self.acknowledged_by, self.case_no)
        if before.version and told == self._told():
            return None
        self.alert = self._version(now, state, grade)
        self.told_members = len(self.members)
        return self.alert

    def _told(self) -> tuple[AlertState, Grade | None, str, int, str, CaseNo | None]:
        last = self.alert
        return (last.state, last.grade, last.reason, self.told_members, last.acknowledged_by, last.case_no)

    def _version(self, now: datetime, state: AlertState, grade: Grade | None) -> Alert:
        ended = state in (AlertState.CLEARED, AlertState.RETURNED)
        return replace(
            self.alert,
            version=self.alert.version + 1,
            state=state,
            grade=grade,
            updated_at=now,
            cleared_at=(self.alert.cleared_at or now) if ended else None,
            reason=self._held_reason(),
            evidence=self._held_evidence(),
            acknowledged_by=self.acknowledged_by,
            case_no=self.case_no,
        )

    def _forget(self, now: datetime) -> None:
        """Members and levels that have been gone for long; the last of each stays until the alert ends."""
        if self.shelved_until is not None and self.shelved_until <= now:
            self.shelved_until = None
        if self.active_at == now:
            self.members = {name: spell for name, spell in self.members.items() if spell.lasts(now, self.off_delay_s)}
            self.levels = {level: spell for level, spell in self.levels.items() if spell.lasts(now, self.off_delay_s)}

    def _grade(self, settings: AlertSettings) -> Grade | None:
        """What was graded once never falls below IV while it lasts."""
        minutes = {level: spell.minutes for level, spell in self.levels.items()}
        burden = Burden(self.whole.minutes, minutes, self.queue_m, self.broken)
        floor = None if self.alert.grade is None else Grade.IV
        return grade_of(self.alert.kind, burden, settings) or floor

    def _held_level(self) -> RoadLevel | None:
        """The worst level of the last minutes: a word that dips for a moment is no news."""
        return max(self.levels, key=ROAD_LEVELS.index, default=None)

    def _held_reason(self) -> str:
        level = self._held_level()
        return self.reason if level is None else f"{self.alert.kind}_{level}"

    def _held_evidence(self) -> Mapping[str, float]:
        held = dict(self.evidence) | {"lasted_min": round(self.whole.minutes, 1)}
        if len(self.members) > 1:
            held["members"] = float(len(self.members))
        level = self._held_level()
        return held if level is None else held | {"level": float(ROAD_LEVELS.index(level))}

    def rise_again(self, now: datetime, conditions: Sequence[Condition], settings: AlertSettings) -> None:
        """The same trouble is back while the alert's case is open: a new onset under the old name."""
        since = worst(conditions).since
        self.members.clear()
        self.levels.clear()
        self.acknowledged_by, self.shelved_until = "", None
        self.whole, self.off_delay_s = Spell(since, now), settings.off_delay_s
        self.alert = replace(
            self.alert, state=AlertState.RAISED, grade=None, onset_at=since, raised_at=now, cleared_at=None
        )
        self.told_members = 0
        self.feel(now, conditions)


def worst(conditions: Sequence[Condition]) -> Condition:
    """The gravest of an alert's conditions, the first of equals."""
    return max(conditions, key=lambda c: (c.broken, -1 if c.level is None else ROAD_LEVELS.index(c.level)))


def begin(now: datetime, conditions: Sequence[Condition], settings: AlertSettings) -> Life:
    """A new alert, before its first version."""
    lead = worst(conditions)
    alert = Alert(
        id=AlertId(f"A-{now.astimezone(UTC):%Y%m%dT%H%M%S}-{lead.kind}-{lead.subject}"),
        version=0,
        kind=lead.kind,
        state=AlertState.RAISED,
        grade=None,
        subject=lead.subject,
        place=lead.place,
        cell=lead.cell,
        onset_at=lead.since,
        raised_at=now,
        updated_at=now,
        cleared_at=None,
        reason=lead.reason,
        evidence={},
    )
    life = Life(key_of(lead), alert, now, settings.off_delay_s, Spell(lead.since, now))
    life.feel(now, conditions)
    return life


def key_of(condition: Condition) -> str:
    """Conditions with the same key are one alert."""
    return f"{condition.kind}|{condition.corridor}"
