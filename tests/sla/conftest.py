"""How long the searches of this folder run: a hundred examples, or with
`--hypothesis-profile=thorough` some thousands."""

from hypothesis import settings

from tests.events.conftest import at_once

__all__ = ["at_once"]

settings.register_profile("thorough", max_examples=3_000, deadline=None)
