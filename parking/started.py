"""When this process began to be itself: imported first, so that `ready (N s)` counts its own imports too."""

import time

STARTED_S = time.monotonic()
"""Machine seconds of the monotonic clock."""
