"""The numbers of the law. Frozen: each has its reason in docs/street.md, and a change needs a decision record with all
policies before and after.
"""

from typing import Final

# Choosing a lot, in seconds of driving.
FEET: Final = 1.6
"""A second on foot or in a shuttle weighs like this many in the car."""
SECONDS_A_YUAN: Final = 25.0
LONGEST_PAID_H: Final = 4.0
WHIM_S: Final = 70.0
"""Scale of Gumbel noise: what one driver likes and another does not."""
RISK_S: Final = 60.0
"""What a sign that says nothing is left would cost; half of it at RISK_BAYS free bays."""
RISK_BAYS: Final = 3.0
HABIT_S: Final = 180.0
"""What a lot costs a local that is full at this hour of such days …"""
HABIT_FROM: Final = 0.85
"""… beginning at this usual fill."""
VISITORS_KNOW: Final = 2
"""Lots a visitor's map names; each failure shows them one more."""

# At a lot.
SECONDS_A_WAITING_CAR: Final = 20.0
"""What drivers reckon for each car before them when they judge a queue."""
MOST_TRIES: Final = 5
"""Full lots after which a driver gives up and leaves town."""

# On the road.
STEP_S: Final = 5
JAM_PER_KM: Final = 120.0
"""Vehicles a kilometre and lane when nothing moves."""
REFUSED_SHARE: Final = 0.8
"""Density, as a share of jam density, beyond which other traffic goes elsewhere."""
DISCHARGE_SHARE: Final = 0.8
"""What a jam lets out at its head, as a share of the most that the lanes carry: measured drops are 5 to 20 %."""
CREEP_KMH: Final = 4.0
METRES_A_CAR: Final = 7.0
LEAST_LANES_SHARE: Final = 0.2
"""Even where all is queue or wreck, this share of the lanes is left to pass by."""
GAPING_SHARE: Final = 0.4
"""What is lost makes those who pass it slower as well, by this share of it."""
