"""Names of things. Different things are different types, so that a sign is never asked for as a lot."""

from typing import NewType

LotId = NewType("LotId", str)
SignId = NewType("SignId", str)
SectionId = NewType("SectionId", str)
DeviceId = NewType("DeviceId", str)
AreaId = NewType("AreaId", str)
"""A district of the town that level-one signs name (片区)."""
CellCode = NewType("CellCode", str)
"""Unit grid code (单元网格标识码), 15 digits: 6 county, 3 street, 3 community, 3 serial (GB/T 30428.1)."""
CameraId = NewType("CameraId", str)
PostId = NewType("PostId", str)
"""A post of the duty roster, never a person (滨河路路长, 永安街道值班长)."""
DepartmentId = NewType("DepartmentId", str)
AlertId = NewType("AlertId", str)
CaseNo = NewType("CaseNo", str)
"""Case number: FJ, local day as yyyyMMdd, four-digit serial of that day; never reused."""
