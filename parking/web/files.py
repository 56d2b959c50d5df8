"""The page's own files, read once: whoever asks gets them from memory, so no path can lead out of the folder.

All live below one digest of the whole tree. Relative imports between modules therefore stay inside one version, every
file may be kept for ever, and no import map is needed.
"""

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib import resources
from importlib.resources.abc import Traversable

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}
"""What we ship, by ending; a file of another kind is not served."""

INDEX = "index.html"

PLACE = "{{static}}"
"""Stands in the index for the folder of this version."""

MODULES = "{{modules}}"
"""Stands in the index for the list of modules, so that a browser fetches them at once and not one after the other."""


@dataclass(frozen=True, slots=True)
class File:
    """One file, plain and compressed."""

    body: bytes
    zipped: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class Files:
    """All files by their path below the folder, and the digest of the whole."""

    digest: str
    by_path: dict[str, File]
    index: File


def read_files() -> Files:
    """The files shipped in the package."""
    found = dict(sorted(_walk(resources.files("parking.web") / "static", "")))
    whole = sha256()
    for path, body in found.items():
        whole.update(f"{path} {len(body)} ".encode() + body)
    digest = whole.hexdigest()[:16]
    index = _index(found.pop(INDEX).decode(), digest, [path for path in found if path.endswith(".mjs")])
    return Files(digest, {path: _file(path, body) for path, body in found.items()}, _file(INDEX, index))


def _index(text: str, digest: str, modules: list[str]) -> bytes:
    early = "\n".join(f'<link rel="modulepreload" href="{PLACE}/{path}">' for path in modules)
    return text.replace(MODULES, early).replace(PLACE, f"/static/{digest}").encode()


def _file(path: str, body: bytes) -> File:
    return File(body, gzip.compress(body, mtime=0), TYPES[_ending(path)])


def _walk(folder: Traversable, prefix: str) -> Iterator[tuple[str, bytes]]:
    for entry in folder.iterdir():
        path = f"{prefix}{entry.name}"
        if entry.is_dir():
            yield from _walk(entry, f"{path}/")
        elif _ending(path) in TYPES:
            yield path, entry.read_bytes()


def _ending(path: str) -> str:
    return path[path.rfind(".") :] if "." in path else ""
