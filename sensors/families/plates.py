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
PLATE: Final = re.compile(
    "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-Z][·•]?[A-Z0-9]{4,6}[挂学警港澳]?"
)
"""A mainland plate, wherever it stands."""
ESCAPED: Final = re.compile(rb"\\u[0-9a-fA-F]{4}[A-Z][A-Z0-9]{4,6}")
"""The same where JSON spells the province as \\uXXXX."""


def without_plates(payload: bytes) -> bytes:
    """The bytes with all that struck out; bytes that hold none come back as they are."""
    struck = ESCAPED.sub(STRUCK, FIELD.sub(rb'\1"' + STRUCK + b'"', payload))
    try:
        text = struck.decode()
    except UnicodeDecodeError:
        return struck
    return PLATE.sub(STRUCK.decode(), text).encode()
