"""What the page must know about the run it shows, and where it may read the past."""

from dataclasses import dataclass
from enum import StrEnum

from parking.pasts import Pasts
from parking.ports import Histories, OpenCases


class RunKind(StrEnum):
    """Whether people look at the street or at a picture of one. Nobody may take one for the other."""

    LIVE = "live"
    SIMULATION = "simulation"
    REPLAY = "replay"


@dataclass(frozen=True, slots=True)
class RunInfo:
    """One run of the service."""

    run: str
    """Its id; the same after a restart of the same run."""
    kind: RunKind = RunKind.LIVE
    speed: float = 1.0
    """Street seconds in a machine second."""
    version: str = ""
    needs: tuple[str, ...] = ()
    """Names of the parts without which the service is not ready."""

    @property
    def simulated(self) -> bool:
        """Whether what is shown is not the present street."""
        return self.kind is not RunKind.LIVE


@dataclass(frozen=True, slots=True)
class WebStores:
    """The stored past that pages may ask for."""

    histories: Histories
    cases: OpenCases
    pasts: Pasts


@dataclass(frozen=True, slots=True)
class WebLimits:
    """Bounds of what one client may cost."""

    stream_gap_s: float = 0.5
    """Machine seconds between two bundles of events: at most two updates a second of one thing."""
    stream_beat_s: float = 15.0
    """A comment at least this often, so that proxies keep a quiet stream open."""
    stream_ring: int = 4096
    """Events kept for those who come back with a Last-Event-ID."""
    stream_room: int = 512
    """Events that may wait for one slow client; past it, it gets a snapshot instead."""
    stream_clients: int = 1000
    write_s: float = 60.0
    """A client that takes nothing for this long is let go."""
    body_bytes: int = 65_536
    zip_above_bytes: int = 1024
    history_days: int = 31
