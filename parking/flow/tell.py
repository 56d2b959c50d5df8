"""What the world is told of a tick: outbox messages for alerts and cases."""

from parking.codec import encode
from parking.domain.alert import Alert
from parking.domain.case import Case
from parking.domain.decisions import Decisions
from parking.domain.tick import Message


def messages(decisions: Decisions, cases: tuple[Case, ...]) -> tuple[Message, ...]:
    """Alerts first, then the cases they became: a reader never sees a case whose alert is unknown."""
    told: list[Message] = []
    for alert in decisions.alerts:
        told.extend(of_alert(alert))
    told.extend(of_case(case) for case in cases)
    return tuple(told)


def of_alert(alert: Alert) -> tuple[Message, ...]:
    """The alert's new version; one that has ended is told once more and its retained topic is cleared."""
    key, topic = f"alert:{alert.id}", f"alerts/{alert.id}"
    said = Message(key, "parking.alert.changed", topic, retain=alert.is_open, body=encode(alert))
    if alert.is_open:
        return (said,)
    return (said, Message(key, "", topic, retain=True, body=b""))


def of_case(case: Case) -> Message:
    """The case with its newest step."""
    return Message(f"case:{case.no}", f"parking.case.{case.stage}", f"cases/{case.no}", retain=True, body=encode(case))
