"""Call the programs of a trial that need Django, in the environment of its stage."""

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from nova.runtime.home import PROJECT
from nova.trials.client import Client
from nova.trials.stage import HOST, Stage


@dataclass(frozen=True)
class Cast:
    """A prepared tenant and the people in it who may sign in, by their roles."""

    port: int
    tenant_id: int
    tokens: dict[str, str]
    sessions: dict[str, str]
    emails: dict[str, str]
    readers: list[str]

    def program(self, role: str) -> Client:
        """Return a program that acts for somebody of a role."""
        return Client(HOST, self.port, {"Authorization": f"Bearer {self.tokens[role]}"})

    def browser(self, role: str) -> Client:
        """Return a browser in which somebody of a role is signed in."""
        return Client(HOST, self.port, {"Cookie": f"sessionid={self.sessions[role]}"})


def cast(stage: Stage, slug: str) -> Cast:
    """Return the prepared tenant `slug`, made if need be, with tokens for a quarter of an hour."""
    return Cast(port=stage.port, **told_by(stage, "nova.trials.cast", slug))


def told_by(stage: Stage, module: str, *words: str) -> Any:
    """Return what a program of Nova prints as JSON. Raises `CalledProcessError` when it fails."""
    said = subprocess.run(
        [sys.executable, "-m", module, *words],
        env=stage.environment,
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(said.stdout)
