"""What breaks in a request can be read where the server runs."""

import logging

import pytest


@pytest.mark.parametrize(
    ("name", "level", "is_said"),
    [
        ("django.request", logging.ERROR, True),
        ("django.request", logging.WARNING, False),  # a client's mistake
        ("django.db.backends", logging.ERROR, True),
        ("django.security.DisallowedHost", logging.ERROR, False),  # a stranger's
        ("django.security.csrf", logging.ERROR, True),
    ],
)
def test_errors_of_requests_are_said_on_the_console(settings, name, level, is_said):
    settings.DEBUG = False
    logger = logging.getLogger(name)
    record = logger.makeRecord(name, level, __file__, 1, "Broken", (), None)
    (console,) = logging.getLogger("django").handlers

    assert (logger.isEnabledFor(level) and bool(console.filter(record))) is is_said
