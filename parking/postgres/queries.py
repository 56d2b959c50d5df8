"""Named queries: SQL lives in `.sql` files, each query under a line `-- name: …`."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def queries(name: str) -> Mapping[str, str]:
    """The queries of `sql/{name}.sql` by their names."""
    text = files("parking.postgres").joinpath(f"sql/{name}.sql").read_text(encoding="utf-8")
    _, *parts = text.split("-- name: ")
    found = {}
    for part in parts:
        title, _, body = part.partition("\n")
        found[title.strip()] = body.strip()
    return MappingProxyType(found)
