"""From cases to a router: what is learned from, and the program that learns."""

import os
import subprocess
import sys
from collections.abc import Iterable

import orjson

from dispatch.routing.cases import Case, features_of
from dispatch.routing.router import Router

TIMEOUT = 900  # seconds
# A case counts half of one that came so many cases later: desks change what their teams do.
# Counted in cases, a small desk forgets slowly.
HALVED_AFTER = 5_000


class CannotLearn(Exception):
    """The program that learns did not answer. The message is its own."""


def learn(cases: Iterable[Case]) -> Router:
    """Return a router that knows these cases, given in the order of their opening.

    Raises `CannotLearn` when the program fails.
    """
    known = list(cases)
    given = {
        "weights": [0.5 ** (later / HALVED_AFTER) for later in reversed(range(len(known)))],
        "rows": [list(features_of(case.facts)) for case in known],
        "teams": [case.settled_by for case in known],
    }
    done = subprocess.run(
        [sys.executable, "-m", "dispatch.routing.fitting"],
        input=orjson.dumps(given),
        capture_output=True,
        timeout=TIMEOUT,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        check=False,
    )
    if done.returncode:
        raise CannotLearn(done.stderr.decode(errors="replace").strip().splitlines()[-1])
    return Router.of(orjson.loads(done.stdout))
