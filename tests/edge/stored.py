"""Makers of what stores keep: each gives defaults, a test names what matters."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from parking.domain.alert import Alert, AlertKind, AlertState, Grade
from parking.domain.case import Case, Clock, Limit, Operate, Stage, Step
from parking.domain.decisions import Decisions
from parking.domain.forecast import Forecast
from parking.domain.guidance import Colour, Guidance, Row, Shown, State, Why
from parking.domain.ids import AlertId, CaseNo, CellCode, DepartmentId, DeviceId, LotId, PostId, SectionId, SignId
from parking.domain.lot import BayClass
from parking.domain.occupancy import Occupancy, Quality
from parking.domain.place import Point
from parking.domain.reading import (
    BayReading,
    CounterReading,
    CountReading,
    CountSource,
    GateReading,
    QueueReading,
    Reading,
    StatusReading,
    TrafficReading,
    ViolationReading,
)
from parking.domain.tick import Message, Tick

NOON = datetime(2026, 10, 3, 12, 0, tzinfo=UTC)
LOT = LotId("P01")
GATE = DeviceId("gate-P01")
KUIMEN = Point(109.5, 31.02)
CELL = CellCode("500236001002003")


def later(seconds: float) -> datetime:
    """Street time so many seconds after noon."""
    return NOON + timedelta(seconds=seconds)


def a_gate(seq: int, *, at: datetime | None = None, device: DeviceId = GATE, boot: int = 1) -> GateReading:
    """One message of a lot's gates, a second after the one before."""
    when = later(seq) if at is None else at
    return GateReading(device=device, boot=boot, seq=seq, at=when, received_at=when, lot=LOT, entered=seq, left=0)


def gates(*seqs: int) -> tuple[GateReading, ...]:
    """Messages of one gate with these numbers."""
    return tuple(a_gate(seq) for seq in seqs)


def one_of_each_kind() -> tuple[Reading, ...]:
    """A reading of every kind, with every optional field told, and then with none."""
    head = {"boot": 7, "at": NOON, "received_at": later(0.25)}
    lot, section, names = LOT, SectionId("S-BINHE-1"), iter(f"d{n}" for n in range(99))
    return (
        GateReading(device=DeviceId(next(names)), seq=1, **head, lot=lot, entered=2**40, left=3),  # type: ignore[arg-type]  # one head for all
        CounterReading(device=DeviceId(next(names)), seq=1, **head, lot=lot, entered=5, left=3, wraps_at=65_536),  # type: ignore[arg-type]  # one head for all
        BayReading(device=DeviceId(next(names)), seq=1, **head, lot=lot, bay="甲-07", taken=True),  # type: ignore[arg-type]  # one head for all
        CountReading(device=DeviceId(next(names)), seq=1, **head, lot=lot, taken=0, source=CountSource.PERSON),  # type: ignore[arg-type]  # one head for all
        CountReading(
            device=DeviceId(next(names)),
            seq=2,
            **head,  # type: ignore[arg-type]  # one head for all
            lot=lot,
            taken=9,
            source=CountSource.CAMERA,
            bay_class=BayClass.CHARGING,
        ),
        TrafficReading(
            device=DeviceId(next(names)),
            seq=1,
            **head,  # type: ignore[arg-type]  # one head for all
            section=section,
            vehicles=0,
            speed_kmh=None,
            loop_occupancy_share=-0.0,
            interval_s=60.0,
        ),
        TrafficReading(
            device=DeviceId(next(names)),
            seq=1,
            **head,  # type: ignore[arg-type]  # one head for all
            section=section,
            vehicles=5,
            speed_kmh=0.1 + 0.2,
            loop_occupancy_share=1e-300,
            interval_s=1 / 3,
        ),
        QueueReading(device=DeviceId(next(names)), seq=1, **head, lot=lot, queue_vehicles=4),  # type: ignore[arg-type]  # one head for all
        QueueReading(device=DeviceId(next(names)), seq=1, **head, lot=lot, queue_m=35.5),  # type: ignore[arg-type]  # one head for all
        ViolationReading(
            device=DeviceId(next(names)),
            seq=1,
            **head,  # type: ignore[arg-type]  # one head for all
            place=KUIMEN,
            section=None,
            image_ref="a\\b\u2028\"'\0",
            dwell_s=61.5,
        ),
        StatusReading(device=DeviceId(next(names)), seq=0, **head, online=False, retained=True),  # type: ignore[arg-type]  # one head for all
    )


def a_shown(sequence: int = 1, *, sign: str = "G01", rows: tuple[str, ...] = ("12", "满"), epoch: int = 1) -> Shown:
    """What a sign confirms, a second after the confirmation before."""
    when = later(sequence)
    return Shown(SignId(sign), epoch, sequence, when, when, rows)


def a_slot(lot: str = "P01", *, at: datetime = NOON, taken: float = 41.25) -> Occupancy:
    """Five minutes of a lot."""
    return Occupancy(LotId(lot), at, taken, 1.5, 100, Quality.LIVE, "", at - timedelta(seconds=20))


def a_guidance(sign: str = "G01", *, at: datetime = NOON, changed: bool = True) -> Guidance:
    """One sign's rows."""
    rows = (Row(1, State.FULL, 0, "满", Colour.RED),)
    why = (Why(1, "full_by_count", {"free": 1.0}),)
    return Guidance(SignId(sign), 4, at, at + timedelta(minutes=3), rows, why, changed=changed)


def a_forecast(lot: str = "P01", *, at: datetime = NOON) -> Forecast:
    """Two horizons with a band."""
    return Forecast(LotId(lot), at, (30, 60), (0.1, 0.5, 0.9), ((1.0, 2.0, 3.0), (1.5, 2.5, 9.0)), "profile")


def an_alert(name: str = "A-1", *, version: int = 1, at: datetime = NOON) -> Alert:
    """A jam of grade III."""
    return Alert(
        id=AlertId(name),
        version=version,
        kind=AlertKind.JAM,
        state=AlertState.RAISED,
        grade=Grade.III,
        subject="S-BINHE-1",
        place=KUIMEN,
        cell=CELL,
        onset_at=NOON,
        raised_at=NOON,
        updated_at=at,
        cleared_at=None,
        reason="jam",
        evidence={"speed_kmh": 4.5},
    )


def a_step(n: int, stage: Stage = Stage.DISPATCHED) -> Step:
    """One flow record, n minutes after noon."""
    return Step(n, stage, Operate.FORWARD, "system", "滨河路路长", "立即交办", later(60 * n))


def a_case(no: str = "FJ202610030001", *, alert: str | None = "A-1", steps: int = 2) -> Case:
    """A filed case."""
    return Case(
        no=CaseNo(no),
        alert=None if alert is None else AlertId(alert),
        class_code="5002360405",
        code_table="2024",
        source=41,
        grade=Grade.III,
        title="滨河路拥堵",
        title_en="Jam on Binhe Road",
        place=KUIMEN,
        cell=CELL,
        department=DepartmentId("traffic"),
        post=PostId("road-chief-binhe"),
        reported_at=later(int(no[-4:])),
        deadline=later(7200),
        limit=Limit(2, Clock.URGENT_HOUR),
        steps=tuple(a_step(n) for n in range(1, steps + 1)),
    )


def a_message(key: str = "case:1", body: bytes = b"{}") -> Message:
    """A row of the outbox."""
    return Message(key, "parking.case.filed", "cases/1", True, body)


def a_tick(
    at: datetime = NOON,
    decisions: Decisions | None = None,
    *,
    cases: tuple[Case, ...] = (),
    messages: tuple[Message, ...] = (),
    position: int = 0,
) -> Tick:
    """One tick; nothing decided unless told."""
    digest = sha256(repr(decisions).encode()).hexdigest()
    return Tick(at, position, decisions or Decisions(at), digest, cases, messages)
