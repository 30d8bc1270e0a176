"""From cases to a router: what is learned from, and the program that learns."""

import os
import subprocess
import sys
from collections.abc import Iterable

import orjson

from dispatch.routing.cases import Case, features_of
from dispatch.routing.router import Router

TIMEOUT = 900  # seconds


class CannotLearn(Exception):
    """The program that learns did not answer. The message is its own."""


def learn(cases: Iterable[Case]) -> Router:
    """Return a router that knows these cases. Raises `CannotLearn` when the program fails."""
    known = list(cases)
    given = {
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
