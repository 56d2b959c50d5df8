"""What our own brokers are told. Pure text; `deploy/mosquitto/mosquitto.conf` has the same limits for production."""

from typing import Final

LIMITS: Final[dict[str, str]] = {
    "persistence": "true",
    "autosave_interval": "30",
    "persistent_client_expiration": "14d",
    "max_queued_messages": "0",
    "max_queued_bytes": "0",
    "max_inflight_messages": "10000",
    "max_inflight_bytes": "67108864",
    "message_size_limit": "16777216",
    "set_tcp_nodelay": "true",
}
"""No message is dropped while the service is away (`0` means no limit), a batch's worth may be on its way, sessions
outlive a holiday, and a payload of 10 MB still arrives, to be put away as a dead letter."""

LARGEST_PAYLOAD: Final = 16 * 1024 * 1024
IOT_SEGMENT_BYTES: Final = 16 * 1024 * 1024
IOT_SEGMENTS: Final = 2
"""Its log of each subscription lives in memory: 32 MB hold some 100,000 readings; what wraps around is lost."""


def mosquitto_conf(port: int) -> str:
    """Configuration of a mosquitto on this machine only, working in its own folder."""
    lines = [f"listener {port} 127.0.0.1", "allow_anonymous true", "persistence_location ./"]
    lines += [f"{name} {value}" for name, value in LIMITS.items()]
    return "\n".join([*lines, "log_dest stdout", "log_type error", "log_type warning", ""])


def iotcore_toml(port: int) -> str:
    """Configuration of an iotcore that speaks MQTT 5 on this machine only."""
    return f"""id = 0
[router]
id = 0
max_connections = 1000
max_outgoing_packet_count = 200
max_segment_size = {IOT_SEGMENT_BYTES}
max_segment_count = {IOT_SEGMENTS}
[v5.1]
name = "v5"
listen = "127.0.0.1:{port}"
next_connection_delay_ms = 1
[v5.1.connections]
connection_timeout_ms = 60000
max_payload_size = {LARGEST_PAYLOAD}
max_inflight_count = 500
dynamic_filters = true
"""
