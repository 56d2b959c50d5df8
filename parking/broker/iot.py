"""Runs an iotcore broker in this process until it is ended: `python iot.py CONFIG`. The keeper starts it.

No import of the house: it is started as a script.
"""

import logging
import signal
import sys

from iotcore import IotCoreBroker


def main() -> None:
    """Serve as the TOML file says."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    logging.basicConfig(level="WARNING", format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("rumqttd").setLevel(logging.CRITICAL)  # it reports every packet as an error
    IotCoreBroker(config_path=sys.argv[1]).run_forever()


if __name__ == "__main__":
    main()
