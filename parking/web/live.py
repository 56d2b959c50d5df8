"""What stream events say: the same views as the API, and the whole present as a snapshot."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

import msgspec

from parking.domain.alert import Alert
from parking.domain.case import Case
from parking.domain.ids import AlertId, CaseNo, LotId, SectionId, SignId
from parking.flow.present import Change, What
from parking.web.answer import to_json
from parking.web.run import RunInfo
from parking.web.scene import Scene
from parking.web.views.alert import AlertView, alert_view, by_gravity
from parking.web.views.case import FINAL, CaseView, case_view
from parking.web.views.health import PartView, part_view, part_views
from parking.web.views.lot import LotView, lot_view
from parking.web.views.road import SectionView, section_view
from parking.web.views.sign import SignView, sign_view
from parking.web.views.town import ClockView, RunView

T = TypeVar("T")

ENDED = 20
"""Alerts and cases that have ended, newest ones, still shown to somebody who joins."""


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """The whole present: first event of a stream, and again after a gap."""

    run: RunView
    clock: ClockView
    sign_confirm_s: float
    """A sign that has not confirmed after this is wrong."""
    lots: list[LotView]
    roads: list[SectionView]
    signs: list[SignView]
    alerts: list[AlertView]
    cases: list[CaseView]
    parts: list[PartView]


class Live:
    """Renders events. It remembers only who was told as heard of, so that the clock tells what is new."""

    def __init__(self, scene: Callable[[], Scene], info: RunInfo, run: RunView) -> None:
        self._scene = scene
        self._info = info
        self._run = run
        self._heard: dict[str, datetime] = {}
        self._views: dict[What, Callable[[Scene, str], object]] = {
            What.LOT: lambda scene, name: _found(scene.town.find_lot(LotId(name)), scene, lot_view),
            What.ROAD: lambda scene, name: _found(scene.town.find_section(SectionId(name)), scene, section_view),
            What.SIGN: lambda scene, name: _found(scene.town.find_sign(SignId(name)), scene, sign_view),
            What.ALERT: lambda scene, name: _found(scene.present.alerts.get(AlertId(name)), scene, alert_view),
            What.CASE: lambda scene, name: _found(scene.present.cases.get(CaseNo(name)), scene, case_view),
            What.CLOCK: lambda scene, name: self._clock(scene),
            What.HEALTH: lambda scene, name: part_view(scene, self._info, name),
        }

    def render(self, change: Change) -> bytes | None:
        """The event's JSON; None for something the town does not have."""
        value = self._views[change.what](self._scene(), change.id)
        return None if value is None else to_json(value)

    def snapshot(self) -> bytes:
        """The whole present as JSON."""
        scene = self._scene()
        present, town = scene.present, scene.town
        return to_json(
            Snapshot(
                run=self._run,
                clock=ClockView(at=scene.at, tick_at=present.at, heard=dict(present.heard)),
                sign_confirm_s=scene.settings.alerts.sign_confirm_s,
                lots=[lot_view(scene, lot) for lot in town.lots],
                roads=[section_view(scene, section) for section in town.sections],
                signs=[sign_view(scene, sign) for sign in town.signs],
                alerts=[alert_view(scene, alert) for alert in shown_alerts(present.alerts.values())],
                cases=[case_view(scene, case) for case in shown_cases(present.cases.values())],
                parts=part_views(scene, self._info),
            )
        )

    def _clock(self, scene: Scene) -> ClockView:
        heard = {name: at for name, at in scene.present.heard.items() if self._heard.get(name) != at}
        self._heard.update(heard)
        return ClockView(at=scene.at, tick_at=scene.present.at, heard=heard)


def shown_alerts(alerts: Iterable[Alert]) -> list[Alert]:
    """All open ones, and the newest of those that have ended."""
    ordered = sorted(alerts, key=by_gravity)
    still = [alert for alert in ordered if alert.is_open]
    return still + [alert for alert in ordered if not alert.is_open][:ENDED]


def shown_cases(cases: Iterable[Case]) -> list[Case]:
    """All open ones, and the newest of those that have ended."""
    ordered = sorted(cases, key=lambda case: (case.reported_at, case.no), reverse=True)
    still = [case for case in ordered if case.stage not in FINAL]
    return still + [case for case in ordered if case.stage in FINAL][:ENDED]


def _found(thing: T | None, scene: Scene, view: Callable[[Scene, T], object]) -> object:
    return None if thing is None else view(scene, thing)
