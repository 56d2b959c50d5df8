"""What the extra `[sumo]` brings, or what to install."""

from importlib import import_module
from pathlib import Path
from types import ModuleType

from parking.domain.errors import NotFound

INSTALL = "SUMO is not installed; pip install 'parking-guidance[sumo]' (about 235 MB), or `make sumo` in a checkout"

LIBRARIES = "SUMO wants libraries of the system; apt-get install libgl1 libx11-6 libxext6 libxrender1 libatomic1"


def libsumo() -> ModuleType:
    """SUMO in this process. Raises NotFound with what to install."""
    return _module("libsumo")


def sumolib() -> ModuleType:
    """Its reader of networks. Raises NotFound with what to install."""
    return _module("sumolib")


def netconvert() -> Path:
    """Its maker of networks. Raises NotFound with what to install."""
    return Path(_module("sumo").SUMO_HOME) / "bin" / "netconvert"


def _module(name: str) -> ModuleType:
    try:
        return import_module(name)
    except ModuleNotFoundError as trouble:
        raise NotFound(INSTALL) from trouble
    except ImportError as trouble:
        raise NotFound(f"{trouble}; {LIBRARIES}") from trouble
