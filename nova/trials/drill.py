"""`bin/drill`: kill each part of a Nova under load, then count what is missing or doubled."""

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import psycopg

from nova.runtime.home import PROJECT, Home, open_home
from nova.runtime.janitor import watch
from nova.runtime.ports import internal_port
from nova.trials.casting import Cast, cast
from nova.trials.client import Client
from nova.trials.counting import Count, counts
from nova.trials.load import Load, is_up
from nova.trials.meters import leaders_below
from nova.trials.stage import HOST, NO_LIMITS, Stage

# What each part's command line holds; the order in which they are killed.
PARTS = {
    "worker": "celery -q -A nova worker",
    "beat": "celery -q -A nova beat",
    "web": "granian",
    "redis": "redis.conf",
    "postgres": "postgres -D",
}
START_SECONDS, RECOVERY_SECONDS, SETTLE_SECONDS = 120.0, 45.0, 60.0
# VIPs are promised so little that their clocks warn and breach within the drill.
# What was published never changes, so the trigger that sees to it must look away.
HURRY = """
    SET session_replication_role = replica;
    UPDATE sla_target SET seconds = CASE metric WHEN 'response' THEN 8 ELSE 25 END
    WHERE version_id IN (SELECT current_id FROM sla_policy WHERE name = 'VIP')
"""


def main() -> None:
    """Drill once; the exit code says whether nothing was missing or doubled."""
    parser = argparse.ArgumentParser(prog="bin/drill", description=__doc__)
    parser.add_argument("--seconds", type=float, default=6.0, help="of load around each kill")
    parser.add_argument("--parts", default=",".join(PARTS), help="which to kill, in order")
    asked = parser.parse_args()
    with running_nova() as (stage, pid):
        found = drill(stage, pid, asked.parts.split(","), asked.seconds)
    sys.exit(0 if all(count.is_right for count in found) else 1)


def drill(stage: Stage, pid: int, parts: list[str], seconds: float) -> list[Count]:
    """Kill `parts` of the Nova that process `pid` supervises; return what was counted."""
    people = cast(stage, "acme")
    with psycopg.connect(stage.owner_url, autocommit=True) as database:
        database.execute(HURRY)
    with Load(people) as load:
        sleep(seconds)
        for part in parts:
            _kill(part, pid)
            took = _until(lambda: is_up(Client(HOST, stage.port, {})), RECOVERY_SECONDS)
            say(f"killed {part:<9} all answer again after {took:5.1f} s")
            sleep(seconds)
    accepted = load.accepted
    say(f"accepted {len(accepted.tickets)} tickets, {len(accepted.comments)} comments")
    say(f"asked again: {dict(accepted.retries)}, given up: {accepted.given_up}")
    for text in accepted.refused[:5]:
        say(f"refused: {text}")
    return _settled(stage, people, load)


def _kill(part: str, supervisor: int) -> None:
    leaders = leaders_below(supervisor)
    pid = next(pid for pid, command in leaders.items() if PARTS[part] in command)
    os.kill(pid, signal.SIGKILL)
    sleep(0.3)  # until the supervisor has noticed


def _settled(stage: Stage, people: Cast, load: Load) -> list[Count]:
    """Count again and again until all is right, or for so long that it will not become so."""
    found: list[Count] = []

    def is_right() -> bool:
        with psycopg.connect(stage.owner_url, autocommit=True) as database:
            args = (load.accepted, people.tenant_id, people.readers)
            found[:] = counts(database, *args)
        return all(count.is_right for count in found)

    sleep(12)  # what is due now is to be noted by then
    took = _until(is_right, SETTLE_SECONDS)
    say(f"settled within {12 + took:.0f} s\n{'':26}{'found':>8}{'missing':>9}{'doubled':>9}")
    for count in found:
        say(f"{count.what:<26}{count.found:>8}{count.missing:>9}{count.doubled:>9}")
    return found


@contextmanager
def running_nova() -> Iterator[tuple[Stage, int]]:
    """Run `bin/up` in a folder that goes away; yield where it is and its process."""
    folder = Path(tempfile.mkdtemp(prefix="nova-drill-"))
    janitor, port = watch(folder), internal_port()
    given = {"DATABASE_URL", "NOVA_OWNER_DATABASE_URL", "REDIS_URL", "NOVA_HOME"}
    env = {name: value for name, value in os.environ.items() if name not in given} | NO_LIMITS
    words = ["--home", str(folder), "--port", str(port), "--empty"]
    log = (folder / "up.log").open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "nova.runtime.up", *words],
        env=env,
        cwd=PROJECT,
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    try:
        _until(lambda: is_up(Client(HOST, port, {})), START_SECONDS)
        yield _stage_of(open_home(folder), port, env), process.pid
    finally:
        process.terminate()
        process.wait(timeout=60)
        log.close()
        janitor.communicate()


def _stage_of(home: Home, port: int, env: dict[str, str]) -> Stage:
    facts = json.loads(home.running.read_text())
    return Stage(port, home.path, facts["owner_url"], {**env, **facts["environment"]})


def _until(holds: Callable[[], bool], seconds: float) -> float:
    """Wait until `holds`, or give up; return how long it took."""
    began = monotonic()
    while not holds() and monotonic() - began < seconds:
        sleep(0.2)
    return monotonic() - began


def say(text: str) -> None:
    """Show a line at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
