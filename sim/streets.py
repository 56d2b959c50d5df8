"""Which street a ground has: the built-in one, or one on a SUMO network, which is imported only then."""

from sim.ground import Ground
from sim.scenario import Scenario
from sim.street import Street, make_street


def street_on(ground: Ground, scenario: Scenario, seed: int) -> Street:
    """The street in full swing when the scenario begins. Raises NotFound where SUMO is wanted and not installed."""
    if ground.network is None:
        return make_street(ground.town, scenario, seed, scenario.begins, ground.demand, ground.zones)
    from sim.sumo.street import make_sumo_street  # noqa: PLC0415 -- needs the extra

    return make_sumo_street(ground.town, ground.demand, scenario, seed, scenario.begins, ground.network)
