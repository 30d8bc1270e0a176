"""Nova Core's pages of VIPs. Importing registers them."""

from vip.admin import designations, reassessments, ruling, settled

__all__ = ["designations", "reassessments", "ruling", "settled"]
