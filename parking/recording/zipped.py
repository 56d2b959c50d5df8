"""The file: a ZIP whose members are written once, in order. One that was cut short is read as far as it goes.

While it is written it is called `FILE.part`; it gets its name when it is complete. Each member is whole on the disk
before the next one begins, so a recorder that is killed leaves the members before, which any ZIP tool can mend too.
"""

import os
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from parking.domain.errors import BadRecording

MAGIC: Final = b"PK\x03\x04"
LOCAL: Final = struct.Struct("<4sHHHHHIIIHH")
"""Head of a member: magic, version, flags, method, time, day, CRC, packed size, size, length of name, of extra."""
LEVEL: Final = 6
PART_SUFFIX: Final = ".part"
EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""Members carry no time of writing: the same run gives the same bytes."""


class ZipOut:
    """Writes members one after the other. Raises BadRecording when the disk will not."""

    def __init__(self, file: Path) -> None:
        self.file, self.part = file, file.with_name(file.name + PART_SUFFIX)
        try:
            self._raw = self.part.open("w+b")
        except OSError as trouble:
            raise BadRecording(f"{self.part}: {trouble}; choose another place for the recording") from trouble
        self._zip = ZipFile(self._raw, "w", ZIP_DEFLATED, compresslevel=LEVEL)

    def add(self, name: str, data: bytes) -> None:
        """One member, whole on the disk on return as far as the system keeps what it is given."""
        info = ZipInfo(name, EPOCH)
        info.compress_type = ZIP_DEFLATED
        info.external_attr = 0o644 << 16
        try:
            self._zip.writestr(info, data, compresslevel=LEVEL)
            self._raw.flush()
        except OSError as trouble:
            raise BadRecording(f"{self.part}: {trouble}; make room or record elsewhere") from trouble

    def finish(self) -> None:
        """It is complete: give it its name."""
        self._zip.close()
        self._raw.flush()
        os.fsync(self._raw.fileno())
        self._raw.close()
        self.part.replace(self.file)

    def abandon(self) -> None:
        """It stays what it is, under the name of a part."""
        self._zip.close()
        self._raw.close()


@dataclass(frozen=True, slots=True)
class Member:
    """Where one lies."""

    begins: int
    """First byte of its packed data."""
    packed: int
    size: int
    crc: int
    method: int


class ZipIn:
    """Reads members at random; the file is open only while it is read. Raises BadRecording."""

    def __init__(self, file: Path) -> None:
        self.file = file
        with _open(file) as raw:
            try:
                listed = _listed(raw)
            except BadRecording as trouble:
                raise BadRecording(f"{file}: {trouble}") from None
            self._members = _found(raw) if listed is None else listed

    @property
    def names(self) -> list[str]:
        """Members in the order in which they were written; of a file that was cut short, those that are whole."""
        return list(self._members)

    def read(self, name: str) -> bytes:
        """A member's bytes. Raises BadRecording when it is missing or damaged."""
        member = self._members.get(name)
        if member is None:
            raise BadRecording(f"{self.file}: has no {name}; it is damaged or no recording: take another copy")
        with _open(self.file) as raw:
            data = _unpacked(raw, member)
        if data is None:
            raise BadRecording(f"{self.file}: {name} is damaged; take another copy of the file")
        return data


def _open(file: Path) -> BinaryIO:
    try:
        return file.open("rb")
    except FileNotFoundError:
        part = file.with_name(file.name + PART_SUFFIX)
        hint = f"{part.name} is: it was cut short, replay that one" if part.exists() else "check the name"
        raise BadRecording(f"{file}: is not there, {hint}") from None
    except OSError as trouble:
        raise BadRecording(f"{file}: {trouble}; give a file you may read") from trouble


def _listed(raw: BinaryIO) -> dict[str, Member] | None:
    """Members as the file's own list has them; None when it has none."""
    try:
        with ZipFile(raw) as zipped:
            infos = zipped.infolist()
    # A damaged list shows itself as any of these: wrong numbers, a version that there is not, too few bytes.
    except (BadZipFile, OSError, ValueError, NotImplementedError, struct.error):
        return None
    return {info.filename: _placed(raw, info) for info in infos}


def _placed(raw: BinaryIO, info: ZipInfo) -> Member:
    """Where the list says it lies; the member itself must agree, else one of both is damaged."""
    there = _member_at(raw, info.header_offset)
    listed = (info.filename, info.compress_size, info.file_size, info.CRC, info.compress_type)
    if there is None or (there[0], there[1].packed, there[1].size, there[1].crc, there[1].method) != listed:
        raise BadRecording(
            f"{info.filename} is not where the file's list has it: damaged; take another copy of the file"
        )
    return there[1]


def _found(raw: BinaryIO) -> dict[str, Member]:
    """Members one after the other from the start, up to the first that is not whole."""
    found: dict[str, Member] = {}
    at = 0
    while (one := _member_at(raw, at)) is not None and _unpacked(raw, one[1]) is not None:
        found[one[0]] = one[1]
        at = one[1].begins + one[1].packed
    return found


def _member_at(raw: BinaryIO, at: int) -> tuple[str, Member] | None:
    if at < 0:
        return None
    raw.seek(at)
    head = raw.read(LOCAL.size)
    if len(head) < LOCAL.size or head[:4] != MAGIC:
        return None
    _, _, _, method, _, _, crc, packed, size, name_length, extra = LOCAL.unpack(head)
    name = raw.read(name_length).decode(errors="replace")
    return name, Member(at + LOCAL.size + name_length + extra, packed, size, crc, method)


def _unpacked(raw: BinaryIO, member: Member) -> bytes | None:
    """The bytes as they were; None when they are not."""
    raw.seek(member.begins)
    data = raw.read(member.packed)
    if len(data) < member.packed:
        return None
    if member.method == ZIP_DEFLATED:
        try:
            data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data, member.size + 1)
        except zlib.error:
            return None
    return data if len(data) == member.size and zlib.crc32(data) == member.crc else None
