"""What tests of people share with others."""

from tests.events.conftest import at_once

__all__ = ["at_once"]
