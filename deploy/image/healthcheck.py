"""Is the service alive? Exit code 0 or 1 for the container's health check; standard library only."""

import os
import sys
from urllib.error import URLError
from urllib.request import urlopen

PATIENCE_S = 4
"""Below the health check's own time-out, so that the reason is printed."""


def main() -> int:
    """0 when /health/live answers 200, else 1 with the reason."""
    url = f"http://127.0.0.1:{os.environ.get('PARKING_PORT', '8080')}/health/live"
    try:
        with urlopen(url, timeout=PATIENCE_S) as answer:
            return 0 if answer.status == 200 else 1
    except (URLError, OSError) as trouble:
        print(f"{url}: {trouble}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
