"""How long work takes, and what comes between: the same in all that is simulated. Pure."""

from datetime import timedelta
from random import Random

from tickets.choices import Level

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)
# How long the work takes, by priority; it spreads log-normally around this.
HANDLING = {1: 35 * MINUTE, 2: 30 * MINUTE, 3: 22 * MINUTE, 4: 16 * MINUTE, 5: 12 * MINUTE}
SPREAD = 0.7
# Of 19,715 incidents of the log behind the rhythm a quarter waited; 1.2 % came back, and here
# more do, since they are what makes clocks hard.
AWAITING, BLOCKED, REOPENED = 0.25, 0.05, 0.04
ANSWERED, UNBLOCKED, BACK = 2 * HOUR, 6 * HOUR, 5 * HOUR
LEVELS, LEVEL_WEIGHTS = Level.values, (2, 6, 3)


def spread(usual: timedelta, dice: Random) -> timedelta:
    """Return how long it takes this time."""
    return usual * dice.lognormvariate(0, SPREAD) + SECOND
