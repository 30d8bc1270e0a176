"""Nova Core's pages of assignment. Importing registers them."""

from dispatch.admin import catalogue, engineers, policies
from dispatch.attendance import admin as attendance

__all__ = ["attendance", "catalogue", "engineers", "policies"]
