"""A broker's URL is understood, or refused with the remedy."""

import pytest

from parking.address import BrokerAddress, parse_address
from parking.domain.errors import BadSettings


@pytest.mark.parametrize(
    ("url", "means"),
    [
        ("mqtt://127.0.0.1", BrokerAddress("127.0.0.1", 1883)),
        ("mqtts://broker.example", BrokerAddress("broker.example", 8883, tls=True)),
        ("mqtt://parking:p%40ss@broker:1884/", BrokerAddress("broker", 1884, user="parking", password="p@ss")),
        ("mqtt://[::1]:1883", BrokerAddress("::1", 1883)),
    ],
)
def test_where_a_broker_is(url: str, means: BrokerAddress) -> None:
    assert parse_address(url) == means


@pytest.mark.parametrize("url", ["", "broker:1883", "http://broker", "mqtt://", "mqtt://b:70000", "mqtt://b/topic"])
def test_what_is_no_broker_is_refused_with_the_remedy(url: str) -> None:
    with pytest.raises(BadSettings, match="mqtt://host:port"):
        parse_address(url)


def test_a_password_never_stands_in_a_log() -> None:
    address = parse_address("mqtt://parking:secret@broker")
    assert "secret" not in f"{address} {address!r}"
