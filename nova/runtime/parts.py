"""The product's programs, as parts: management commands, web, worker and beat."""

import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from functools import partial

from nova.runtime.home import PROJECT
from nova.runtime.supervisor import Part

Env = Mapping[str, str]
# Threads that take turns need no heap each; otherwise what one frees is kept from the others. What
# one large answer needed goes back to the machine.
LEAN = {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072"}
WEB = [
    *("granian", "--interface", "asgi", "nova.asgi:application"),
    *("--respawn-failed-workers", "--workers-kill-timeout", "10"),
    *("--log-level", "warning", "--no-access-log"),
]
# Workers find each other through the broker; one machine has no need of that.
WORKER = ["celery", "-q", "-A", "nova", "worker", "--without-gossip", "--without-mingle"]
BEAT = ["celery", "-q", "-A", "nova", "beat", "--pidfile="]


def manage(*words: str, env: Env) -> Part:
    """Return a management command."""
    return Part(name=words[0], command=[sys.executable, "manage.py", *words], env=env, cwd=PROJECT)


def web(env: Env, host: str, port: int, workers: int, url: str) -> Part:
    """Return the web server, which `url` reaches from here."""
    words = [*WEB, "--host", host, "--port", str(port), "--workers", str(workers)]
    ready = partial(_answers, f"{url}/healthz")
    env = {**LEAN, **env}
    return Part(
        name="web", command=_module(words), env=env, cwd=PROJECT, ready=ready, stop_seconds=20
    )


def worker(env: Env, processes: int) -> Part:
    """Return the worker, with so many processes. It finishes what it has begun before it stops."""
    words = [*WORKER, "--concurrency", str(processes), "--loglevel", "WARNING"]
    # That it runs as root is known: then so does everything here but the database.
    env = {**LEAN, **env, "PYTHONWARNINGS": "ignore:You're running the worker with superuser"}
    return Part(name="worker", command=_module(words), env=env, cwd=PROJECT, stop_seconds=30)


def beat(env: Env) -> Part:
    """Return the clock that sends tasks on time. It loads none of them (`nova.beat`)."""
    words = [*BEAT, "--loglevel", "WARNING"]
    env = {**env, "DJANGO_SETTINGS_MODULE": "nova.beat"}
    return Part(name="beat", command=_module(words), env=env, cwd=PROJECT)


def _module(words: list[str]) -> list[str]:
    """Run a tool as a module: its own script would name the folder that it was installed in."""
    return [sys.executable, "-m", *words]


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:  # noqa: S310
            return bool(response.status == 200)  # noqa: PLR2004
    except (OSError, urllib.error.URLError):
        return False
