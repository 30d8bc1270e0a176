"""Nova Core's pages of assignment. Importing registers them."""

from dispatch.admin import catalogue, engineers

__all__ = ["catalogue", "engineers"]
