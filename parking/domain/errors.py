"""One tree of errors. Each says what to do; an edge translates, nothing above it names a library's exception."""


class ParkingError(Exception):
    """Anything this product raises on purpose."""


class BadReading(ParkingError):
    """A message that cannot be understood: keep it in dead_letter, count it, go on."""


class NotAllowed(ParkingError):
    """A step that the law forbids: tell the officer why."""


class NotFound(ParkingError):
    """Nothing of that name: check the spelling or import it."""


class BadTown(ParkingError):
    """Town data with errors. All of them are in `problems`, each with file, line or item, and remedy."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class BadSettings(ParkingError):
    """Settings with errors. All of them are in `problems`, each with its place and remedy."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class EdgeDown(ParkingError):
    """Something outside does not answer: wait, then try again."""


class BrokerDown(EdgeDown):
    """The MQTT broker is away."""


class StoreDown(EdgeDown):
    """The database is away."""


class SignDown(EdgeDown):
    """A roadside sign did not take or confirm what it was told."""


class BadJournal(ParkingError):
    """A snapshot or journal does not fit this engine: start from an older snapshot or another version."""


class BadSchema(ParkingError):
    """The database does not hold what this program needs: the text says which program or command mends it."""


class TooFewSlots(ParkingError):
    """Not enough history for this model: wait for more."""


class BadRecording(ParkingError):
    """A file that is no recording, is damaged, or does not hold what was asked of it: the text says what to do."""


class BadProfile(ParkingError):
    """A device profile with an error: the text names its file, the place, and what to do."""
