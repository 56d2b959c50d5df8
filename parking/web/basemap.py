"""The background map of a town: GeoJSON beside its data, WGS-84, replaceable."""

from importlib import resources
from pathlib import Path


def find_basemap(town: str) -> bytes | None:
    """The GeoJSON of that folder, or the one shipped for that town; None: the map is drawn without a background."""
    folder = Path(town)
    file = (folder if folder.is_dir() else resources.files("parking.towns") / town) / "basemap.geojson"
    return file.read_bytes() if file.is_file() else None
