"""How a command of `bin/` stops with one clear line."""


class CannotRun(Exception):
    """Nova cannot run here, and the message says what to do about it."""
