"""Where a broker is: `mqtt://user:password@host:port`, or `mqtts://` for TLS. Pure."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from parking.domain.errors import BadSettings

PORTS = {"mqtt": 1883, "mqtts": 8883}
"""Ports that the protocol's owners have registered."""


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """A broker's URL, taken apart."""

    host: str
    port: int
    tls: bool = False
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        """Without the password: fit for a log."""
        return f"{'mqtts' if self.tls else 'mqtt'}://{self.host}:{self.port}"


def parse_address(url: str) -> BrokerAddress:
    """The address a URL means. Raises BadSettings with the remedy."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as trouble:
        raise _bad(str(trouble)) from trouble
    if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/"):
        raise _bad("not a broker's URL")
    return BrokerAddress(
        host=parts.hostname,
        port=port or PORTS[parts.scheme],
        tls=parts.scheme == "mqtts",
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
    )


def _bad(why: str) -> BadSettings:
    return BadSettings((f"broker_url: {why}; write mqtt://host:port, mqtt://user:password@host:port or mqtts://…",))
