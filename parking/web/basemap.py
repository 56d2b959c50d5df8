"""The background map of a town: GeoJSON beside its data, WGS-84, replaceable."""

from importlib import resources


def find_basemap(town: str) -> bytes | None:
    """The GeoJSON shipped for that town, or None: the map is drawn without a background then."""
    file = resources.files("parking.towns") / town / "basemap.geojson"
    return file.read_bytes() if file.is_file() else None
