"""Nothing personal is kept, not even in what was not understood.

Plates, faces and pictures are struck out of bytes before these are stored as a dead letter.
"""

import re
from typing import Final

STRUCK: Final = b"***"
FIELD: Final = re.compile(
    rb'("[^"\\]{0,60}(?:plate|licen[cs]e|(?:car|vehicle)_?(?:no|num)|sub_label|(?<=["_])(?:face|pic)|person|photo'
    rb'|image|(?:car|enter|exit|big|small)pic|img|\xe8\xbd\xa6\xe7\x89\x8c)[^"\\]{0,60}"\s*:\s*)'  # 车牌
    rb'(?:"(?:[^"\\]|\\.)*"?|\[[^\]]*\]?|[^\s,}\]]+)',
    re.IGNORECASE | re.DOTALL,
)
"""A JSON field whose name speaks of a plate, a face or a picture, with its value."""
PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"
PLATE: Final = re.compile(f"(?:{'|'.join(PROVINCES)})[A-Z](?:·|•)?[A-Z0-9]{{4,6}}".encode())
"""A mainland plate, wherever it stands."""
ESCAPED: Final = re.compile(rb"\\u[0-9a-fA-F]{4}[A-Z][A-Z0-9]{4,6}")
"""The same where JSON spells the province as \\uXXXX."""
HEAD: Final = 64 * 1024
"""Bytes that a dead letter keeps."""


def without_plates(payload: bytes) -> bytes:
    """The bytes with all that struck out; bytes that hold none come back as they are.

    Bytes beyond the head are looked at by nobody: they go, where striking out would bring them into it.
    """
    head, rest = payload[:HEAD], payload[HEAD:]
    struck = PLATE.sub(STRUCK, ESCAPED.sub(STRUCK, FIELD.sub(rb'\1"' + STRUCK + b'"', head)))
    return struck + rest if struck == head else struck
