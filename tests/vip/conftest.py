"""What tests of VIPs share."""

from tests.events.conftest import at_once

__all__ = ["at_once"]
