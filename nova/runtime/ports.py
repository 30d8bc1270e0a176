"""Which ports are free on this machine."""

import random
import socket

# Below the range from which outgoing connections take theirs: a client that keeps trying a
# stopped server there would sooner or later be connected to itself, and hold the port.
INTERNAL_PORTS = range(15_000, 32_000)


def is_free(host: str, port: int) -> bool:
    """Whether a server could listen on `port` of `host` now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def internal_port() -> int:
    """Return a free port for a server that only this machine talks to."""
    while True:
        port = random.choice(INTERNAL_PORTS)  # noqa: S311
        if is_free("127.0.0.1", port):
            return port
