"""What asks for a person, from the street's own readings to one alert."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np

from parking.congestion.alerts import Alerts
from parking.congestion.condition import Condition
from parking.congestion.queues import Queues
from parking.congestion.roads import Roads
from parking.congestion.watch import Watch
from parking.domain.alert import Alert, AlertKind, Grade
from parking.domain.forecast import Forecast
from parking.domain.guidance import STATES, NoProof, State, Unconfirmed
from parking.domain.ids import DeviceId, LotId, SectionId, SignId
from parking.domain.settings import Settings
from parking.domain.town import Town
from parking.pack import pack, unpack
from tests.makers import a_forecast, a_lot, a_queue_reading, a_section, a_town, a_traffic_reading, at

FREE, FULL = STATES.index(State.FREE), STATES.index(State.FULL)


@dataclass(frozen=True)
class Silent:
    """A device as its health report names it."""

    device: DeviceId
    since: datetime
    offline: bool


class Street:
    """Roads, queues, watch and alerts of one town, turned tick by tick."""

    def __init__(self, town: Town | None = None) -> None:
        self.town = town or a_town()
        settings = Settings()
        self.roads, self.queues = Roads(self.town.sections, settings.roads), Queues(self.town.lots)
        self.watch, self.alerts = Watch(self.town, settings), Alerts(self.town, settings.alerts)
        self.states = np.full(len(self.town.lots), FREE, dtype=np.int8)
        self.free = np.full(len(self.town.lots), 50)
        self.forecasts: dict[LotId, Forecast] = {}
        self.said: list[Alert] = []

    def conditions(self, now_s: float, **reports: Any) -> tuple[Condition, ...]:  # noqa: ANN401 -- passed on as they are
        self.roads.judge(at(now_s))
        return self.watch.conditions(
            at(now_s),
            roads=self.roads,
            queues=self.queues,
            free=self.free,
            states=self.states,
            forecasts=self.forecasts,
            **reports,
        )

    def tick(self, now_s: float, **reports: Any) -> tuple[Alert, ...]:  # noqa: ANN401 -- passed on as they are
        said = self.alerts.judge(at(now_s), self.conditions(now_s, **reports))
        self.said.extend(said)
        return said

    def drive(self, speed: float | None, begin_s: int, end_s: int, section: str = "R1", **changes: Any) -> None:  # noqa: ANN401
        """A minute's reading each minute, a tick every five seconds."""
        for now_s in range(begin_s, end_s, 5):
            if now_s % 60 == 0:
                names = {"section": SectionId(section), "device": f"loop-{section}"}
                self.roads.take(a_traffic_reading(speed, at(now_s), **names | changes))
            self.tick(now_s)


def test_a_severe_jam_is_raised_within_three_minutes_of_its_first_slow_minute() -> None:
    street = Street()
    street.drive(35.0, 0, 600)
    assert street.said == []
    street.drive(5.0, 600, 900)
    assert street.said[0].kind is AlertKind.JAM
    assert (street.said[0].raised_at - at(600)).total_seconds() <= 180
    assert street.said[0].onset_at == at(600)


def test_a_light_jam_must_last_three_minutes() -> None:
    street = Street()
    street.drive(18.0, 0, 180)
    assert street.said == []
    street.drive(18.0, 180, 240)
    assert [alert.reason for alert in street.said] == ["jam_light"]


def test_a_slow_minute_is_no_jam() -> None:
    street = Street()
    street.drive(35.0, 0, 600)
    street.drive(15.0, 600, 660)
    street.drive(35.0, 660, 1200)
    assert street.said == []


def test_a_jam_that_flickers_around_the_limit_is_one_alert() -> None:
    street = Street()
    for minute in range(0, 120, 8):
        street.drive(18.0, 60 * minute, 60 * minute + 300)
        street.drive(24.0, 60 * minute + 300, 60 * minute + 480)
    assert len({alert.id for alert in street.said}) == 1


def test_an_empty_road_at_night_is_no_jam_and_a_standstill_is_one() -> None:
    street = Street()
    street.drive(None, 0, 600, loop_occupancy_share=0.0)
    assert street.said == []
    street.drive(None, 600, 900, loop_occupancy_share=0.95)
    assert [alert.reason for alert in street.said[:1]] == ["jam_severe"]


def test_a_dead_sensor_group_is_a_device_alert_and_no_jam() -> None:
    town = a_town(sections=[a_section("R1"), a_section("R2")])
    street = Street(town)
    street.drive(35.0, 0, 300)
    for now_s in range(300, 1500, 5):
        offline = now_s >= 540
        names = ("loop-R1", "a-stranger")
        street.tick(now_s, silences=[Silent(DeviceId(name), at(240), offline) for name in names])
    assert [(alert.kind, alert.subject, alert.grade) for alert in street.said] == [
        (AlertKind.SENSOR_SILENT, "loop-R1", None),
        (AlertKind.SENSOR_SILENT, "loop-R1", Grade.III),
    ]


def test_a_device_that_said_goodbye_is_broken_only_when_it_stays_away() -> None:
    street = Street()
    gone = [Silent(DeviceId("gate-P01"), at(0), True)]
    for now_s in range(0, 400, 5):
        street.tick(now_s, silences=gone)
    assert [(alert.reason, alert.grade, alert.updated_at) for alert in street.said] == [
        ("sensor_offline", None, at(0)),
        ("sensor_offline", Grade.III, at(300)),
    ]


def test_a_queue_beyond_the_access_road_is_raised_after_its_delay_and_names_the_lot() -> None:
    street = Street()
    street.states[0] = FULL
    street.free[0] = 0
    for now_s in range(0, 400, 5):
        if now_s % 30 == 0:
            street.queues.take(a_queue_reading(9, at(now_s)))
        street.tick(now_s)
    assert [(alert.kind, alert.subject, alert.raised_at, alert.grade) for alert in street.said] == [
        (AlertKind.LOT_QUEUE, "P01", at(60), None),
        (AlertKind.LOT_QUEUE, "P01", at(60), Grade.III),
    ]
    assert street.said[0].reason == "full_with_queue"
    assert street.said[0].evidence["queue_m"] == 63.0


def test_a_lot_that_will_be_full_within_half_an_hour_is_a_warning_until_it_is_full() -> None:
    street = Street()
    street.forecasts = {LotId("P01"): a_forecast(80, 97, 99)}
    (alert,) = street.tick(0)
    assert (alert.kind, alert.grade, alert.evidence["within_min"]) == (AlertKind.LOT_FILLING, None, 30.0)
    street.states[0] = FULL
    assert street.conditions(5) == ()


def test_a_lot_that_will_be_full_in_an_hour_is_no_warning_yet() -> None:
    street = Street()
    street.forecasts = {LotId("P01"): a_forecast(80, 90, 99, 99)}
    assert street.conditions(0) == ()


def test_a_sign_without_proof_is_a_device_alert_that_becomes_grave() -> None:
    street = Street()
    missing = [Unconfirmed(SignId("G01"), at(0), NoProof.DIFFERENT)]
    for now_s in range(65, 400, 5):
        street.tick(now_s, unconfirmed=missing)
    assert [(alert.kind, alert.reason, alert.grade, alert.updated_at) for alert in street.said] == [
        (AlertKind.SIGN_UNCONFIRMED, "sign_different", None, at(65)),
        (AlertKind.SIGN_UNCONFIRMED, "sign_different", Grade.III, at(300)),
    ]


def test_the_watch_remembers_over_a_restart_since_when() -> None:
    street, other = Street(), Street()
    street.drive(18.0, 0, 120)
    other.roads.load(unpack(pack(street.roads.save())))
    other.queues.load(unpack(pack(street.queues.save())))
    other.watch.load(unpack(pack(street.watch.save())))
    other.alerts.load(unpack(pack(street.alerts.save())))
    for one in (street, other):
        one.drive(18.0, 120, 240)
    assert street.said == other.said != []


def test_lots_have_their_own_queues() -> None:
    street = Street(a_town(lots=[a_lot("P01"), a_lot("P02", queue_room=20)]))
    for now_s in range(0, 120, 5):
        street.queues.take(a_queue_reading(9, at(now_s)))
        street.queues.take(a_queue_reading(9, at(now_s), lot=LotId("P02")))
        street.tick(now_s)
    assert {alert.subject for alert in street.said} == {"P01"}
