"""What the world is told of a tick: outbox messages for alerts and cases."""

from parking.cases.law import FINAL_STAGES
from parking.codec import encode
from parking.domain.alert import Alert
from parking.domain.case import Case
from parking.domain.decisions import Decisions
from parking.domain.tick import Message


def messages(decisions: Decisions, cases: tuple[Case, ...]) -> tuple[Message, ...]:
    """Alerts first, then the cases they became. Order is kept within one alert and within one case."""
    told: list[Message] = []
    for alert in decisions.alerts:
        told.extend(of_alert(alert))
    for case in cases:
        told.extend(of_case(case))
    return tuple(told)


def of_alert(alert: Alert) -> tuple[Message, ...]:
    """The alert's new version; of one that has ended the retained topic is cleared afterwards."""
    topic = f"alerts/{alert.id}"
    return _told(f"alert:{alert.id}", "parking.alert.changed", topic, encode(alert), is_open=alert.is_open)


def of_case(case: Case) -> tuple[Message, ...]:
    """The case with its newest step; of one that has ended the retained topic is cleared afterwards."""
    return _told(
        f"case:{case.no}",
        f"parking.case.{case.stage}",
        f"cases/{case.no}",
        encode(case),
        is_open=case.stage not in FINAL_STAGES,
    )


def _told(key: str, kind: str, topic: str, body: bytes, *, is_open: bool) -> tuple[Message, ...]:
    said = Message(key, kind, topic, retain=is_open, body=body)
    return (said,) if is_open else (said, Message(key, "", topic, retain=True, body=b""))
