"""A town in full swing, put into a Present by hand: what the page's and the API's tests look at."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from parking.domain.alert import Alert, AlertKind, AlertState, Grade
from parking.domain.case import Case, Clock, Limit, Operate, Stage, Step
from parking.domain.decisions import Decisions
from parking.domain.forecast import Forecast
from parking.domain.guidance import Colour, Guidance, Row, Shown, State, Why
from parking.domain.ids import AlertId, CaseNo, DepartmentId, LotId, PostId, SectionId, SignId
from parking.domain.lotstate import LotState
from parking.domain.occupancy import Occupancy, Quality
from parking.domain.roadstate import RoadLevel, RoadState
from parking.domain.sign import Sign
from parking.domain.town import Town
from parking.flow.present import Part, PartState, Present
from tests.web_shelf import MORNING

HORIZONS = (5, 15, 30, 60, 120, 360, 1440)
LEVELS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def lot_state(
    town: Town,
    lot: str,
    taken: float,
    state: State,
    quality: Quality = Quality.LIVE,
    reason: str = "",
    heard_s: float = 12,
    at: datetime = MORNING,
) -> LotState:
    """So many bays of that lot are taken, and that is the word for it."""
    capacity = town.get_lot(LotId(lot)).capacity
    heard = at - timedelta(seconds=heard_s)
    return LotState(Occupancy(LotId(lot), at, taken, 2.4, capacity, quality, reason, heard), state)


def forecast(town: Town, lot: str, now: float, hour: float, spread: float, at: datetime = MORNING) -> Forecast:
    """From `now` towards `hour` in an hour, with a band that widens."""
    capacity = town.get_lot(LotId(lot)).capacity
    rows = []
    for minutes in HORIZONS:
        share = min(minutes, 120) / 60
        middle = now + (hour - now) * share
        half = spread * share**0.5
        rows.append(tuple(min(float(capacity), max(0.0, middle + half * (level - 0.5) * 2.5)) for level in LEVELS))
    return Forecast(LotId(lot), at - timedelta(seconds=35), HORIZONS, LEVELS, tuple(rows), "profile+decay")


STREET: tuple[tuple[str, float, State, Quality, str, float, float], ...] = (
    ("P01", 214, State.LIMITED, Quality.LIVE, "", 9, 262),
    ("P02", 118, State.FULL, Quality.LIVE, "", 21, 118),
    ("P03", 142, State.FREE, Quality.LIVE, "", 14, 228),
    ("P04", 61, State.CLOSED, Quality.LIVE, "", 40, 60),
    ("P05", 66, State.LIMITED, Quality.DEGRADED, "wide", 33, 72),
    ("P06", 233, State.FREE, Quality.LIVE, "", 5, 262),
    ("P07", 120, State.FREE, Quality.DEGRADED, "one_source_silent", 58, 131),
    ("P08", 88, State.FREE, Quality.LIVE, "", 18, 92),
    ("P09", 251, State.FREE, Quality.LIVE, "", 7, 280),
    ("P10", 96, State.FREE, Quality.LIVE, "", 3, 150),
    ("P11", 122, State.FREE, Quality.LIVE, "", 11, 118),
    ("P12", 305, State.FREE, Quality.LIVE, "", 26, 330),
    ("P13", 486, State.LIMITED, Quality.LIVE, "", 8, 598),
    ("P14", 171, State.UNKNOWN, Quality.STALE, "silent", 412, 190),
    ("P15", 796, State.FULL, Quality.LIVE, "", 4, 800),
    ("P16", 58, State.FREE, Quality.LIVE, "", 16, 240),
)
"""lot, taken, word, quality, reason, seconds since heard, taken in an hour."""

ROADS: tuple[tuple[str, RoadLevel, float | None, float], ...] = (
    ("R1", RoadLevel.MODERATE, 13.5, 9),
    ("R2", RoadLevel.LIGHT, 17.2, 6),
    ("R3", RoadLevel.FREE, 21.0, 55),
    ("R4", RoadLevel.MOSTLY_FREE, 15.8, 31),
    ("R5", RoadLevel.FREE, 20.1, 80),
    ("R6", RoadLevel.MOSTLY_FREE, 22.4, 12),
    ("R7", RoadLevel.LIGHT, 20.3, 14),
    ("R8", RoadLevel.SEVERE, 7.9, 22),
    ("R9", RoadLevel.FREE, 33.0, 120),
    ("R10", RoadLevel.UNKNOWN, None, 40),
)
"""section, level, km/h, minutes since."""

WORDS = {State.FULL: ("满", Colour.RED), State.CLOSED: ("关闭", Colour.RED), State.UNKNOWN: ("--", Colour.OFF)}


def guidance(
    town: Town, sign: Sign, lots: dict[LotId, LotState], at: datetime = MORNING, sequence: int = 7
) -> Guidance:
    """What the sign would say of these lots."""
    rows, whys = [], []
    for panel in sign.panels:
        states = [lots[lot] for lot in panel.lots if lot in lots]
        free = sum(state.free or 0 for state in states)
        word = states[0].state if len(states) == 1 else (State.FREE if free else State.FULL)
        colour = {State.FREE: Colour.GREEN, State.LIMITED: Colour.YELLOW}.get(word, Colour.RED)
        text, colour = WORDS.get(word, (str(free), colour))
        rows.append(Row(panel.line, word, free if word in (State.FREE, State.LIMITED) else None, text, colour))
        capacity = sum(town.get_lot(lot).capacity for lot in panel.lots)
        rule = (
            "area_sum"
            if len(panel.lots) > 1
            else {"满": "full_by_count", "关闭": "closed", "--": "stale"}.get(text, "number")
        )
        whys.append(Why(panel.line, rule, {"free": float(free), "capacity": float(capacity), "lots": len(panel.lots)}))
    return Guidance(sign.id, sequence, at, at + timedelta(seconds=180), tuple(rows), tuple(whys), changed=False)


def shown(told: Guidance, at: datetime, *, rows: tuple[str, ...] | None = None, sequence: int | None = None) -> Shown:
    """The sign's confirmation, of what it was told unless said otherwise."""
    texts = tuple(row.text for row in told.rows) if rows is None else rows
    return Shown(told.sign, 1, told.sequence if sequence is None else sequence, at, at, texts, (), 0.8)


def alerts(town: Town, at: datetime = MORNING) -> tuple[Alert, ...]:
    """A jam with a case, a queue, a filling lot, two device faults, one that has ended."""
    r8, p15 = town.get_section(SectionId("R8")), town.get_lot(LotId("P15"))

    def one(kind: AlertKind, subject: str, minutes: float, reason: str, **more: object) -> Alert:
        begun = at - timedelta(minutes=minutes)
        thing = town.find_lot(LotId(subject)) or town.find_sign(SignId(subject))
        place = thing.place if thing else r8.middle
        alert = Alert(
            AlertId(f"A-{begun:%Y%m%dT%H%M%S}-{kind}-{subject}"),
            3,
            kind,
            AlertState.RAISED,
            None,
            subject,
            place,
            p15.cell,
            begun,
            begun + timedelta(seconds=90),
            at - timedelta(seconds=30),
            None,
            reason,
            {},
        )
        return replace(alert, **more)  # type: ignore[arg-type]  # fields of Alert by name

    return (
        one(
            AlertKind.JAM,
            "R8",
            22,
            "jam_severe",
            grade=Grade.III,
            case_no=CaseNo("FJ202610020001"),
            evidence={"speed_kmh": 7.9, "free_flow_kmh": 38.0, "ratio": 0.21},
            state=AlertState.ACKNOWLEDGED,
            acknowledged_by="shift",
        ),
        one(
            AlertKind.LOT_QUEUE,
            "P15",
            14,
            "lot_queue",
            grade=Grade.III,
            case_no=CaseNo("FJ202610020002"),
            evidence={"queue_vehicles": 31.0, "queue_m": 217.0, "queue_room": 12.0},
        ),
        one(AlertKind.LOT_FILLING, "P13", 3, "lot_filling", evidence={"minutes": 25.0, "free": 114.0}),
        one(AlertKind.SENSOR_SILENT, _device(town, "P14"), 7, "sensor_silent", evidence={"silent_s": 412.0}),
        one(AlertKind.SIGN_UNCONFIRMED, "G07", 2, "sign_unconfirmed", evidence={"waiting_s": 130.0}),
        one(
            AlertKind.JAM,
            "R2",
            80,
            "jam_light",
            grade=Grade.IV,
            state=AlertState.CLEARED,
            cleared_at=at - timedelta(minutes=31),
            evidence={"speed_kmh": 24.0},
        ),
    )


def _device(town: Town, lot: str) -> str:
    return next((device.id for device in town.devices if LotId(lot) in device.lots), lot)


def case(
    town: Town,
    no: str,
    titles: tuple[str, str],
    stages: Sequence[Stage],
    *,
    minutes: float,
    limit: Limit,
    left_s: float,
    at: datetime = MORNING,
    to: str = "traffic-police",
) -> Case:
    """A case carried through these stages, the first of them so many minutes ago, with so much time left."""
    begun = at - timedelta(minutes=minutes)
    post = next((post for post in town.posts if post.sections), town.posts[0])
    lot = town.lots[0]
    steps = tuple(
        Step(i + 1, stage, Operate.FORWARD, "system", to, "", begun + timedelta(minutes=i // 4 * 4))
        for i, stage in enumerate(stages)
    )
    return Case(
        no=CaseNo(no),
        alert=None,
        class_code="5002360690",
        code_table="GB-06",
        source=41,
        grade=Grade.III,
        title=titles[0],
        title_en=titles[1],
        place=lot.place,
        cell=lot.cell,
        department=DepartmentId(to),
        post=PostId(post.id),
        reported_at=begun,
        deadline=at + timedelta(seconds=left_s),
        limit=limit,
        steps=steps,
    )


AT_ONCE = (Stage.REPORTED, Stage.PENDING_FILE, Stage.FILED, Stage.PENDING_DISPATCH, Stage.DISPATCHED)

CHECKED = (Stage.PENDING_CHECK, Stage.PENDING_CLOSE, Stage.CLOSED)


def cases(town: Town, at: datetime = MORNING) -> tuple[Case, ...]:
    """One in time, one nearly late, one late, one closed."""
    hour, day = Limit(1, Clock.URGENT_HOUR), Limit(1, Clock.WORK_DAY)
    jam, queue = (
        ("白帝大道景区段严重拥堵", "Severe jam, Baidi Avenue"),
        ("白帝城 P1 入口排队溢出", "Queue at Baidicheng P1"),
    )
    fault, old = (
        ("宝塔坪码头采集设备故障", "Sensor fault, Baotaping pier"),
        ("夔州路中度拥堵", "Moderate jam, Kuizhou Road"),
    )
    on_site, done = (*AT_ONCE, Stage.DISPOSING), (*AT_ONCE, Stage.DISPOSING, Stage.DISPOSED, *CHECKED)
    return (
        case(town, "FJ202610020001", jam, on_site, minutes=20, limit=hour, left_s=2400, at=at),
        case(town, "FJ202610020002", queue, AT_ONCE, minutes=52, limit=hour, left_s=480, at=at),
        case(town, "FJ202610010007", fault, AT_ONCE, minutes=1500, limit=day, left_s=-5400, at=at, to="equipment"),
        case(town, "FJ202610010004", old, done, minutes=980, limit=hour, left_s=-50000, at=at),
    )


def busy(town: Town, at: datetime = MORNING) -> Present:
    """The whole town at that moment."""
    present = Present(town)
    known = [row for row in STREET if town.find_lot(LotId(row[0]))]
    lots = {LotId(r[0]): lot_state(town, r[0], r[1], r[2], r[3], r[4], r[5], at) for r in known}
    roads = tuple(
        RoadState(SectionId(name), at, level, speed, 640.0, at - timedelta(minutes=since), at - timedelta(seconds=20))
        for name, level, speed, since in ROADS
        if town.find_section(SectionId(name))
    )
    told = tuple(guidance(town, sign, lots, at - timedelta(seconds=24)) for sign in town.signs)
    present.apply(
        Decisions(
            at=at,
            lots=tuple(lots.values()),
            roads=roads,
            guidance=told,
            alerts=alerts(town, at),
            forecasts=tuple(forecast(town, r[0], r[1], r[6], 30, at) for r in known),
        ),
        cases(town, at),
    )
    _confirm(present, told, at)
    for name in ("database", "broker", "engine"):
        present.put_part(Part(name, PartState.UP, at - timedelta(hours=3)))
    return present


def _confirm(present: Present, told: Sequence[Guidance], at: datetime) -> None:
    """G07 still shows yesterday's number, G09 is a renewal behind, all others are as told."""
    for one in told:
        if one.sign == "G07":
            old = replace(one, at=at - timedelta(seconds=130))
            present.wanted[one.sign] = old
            present.confirm(shown(old, at - timedelta(seconds=190), rows=("57", "3"), sequence=4))
        elif one.sign == "G09":
            present.confirm(shown(one, at - timedelta(seconds=64), sequence=6))
        else:
            present.confirm(shown(one, at - timedelta(seconds=21)))
