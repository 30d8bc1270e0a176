"""Nova Core's pages of people, roles, keys and the organisation. Importing registers them."""

from nova.accounts.admin import groups, keys, organisation, people, proxies, roles

__all__ = ["groups", "keys", "organisation", "people", "proxies", "roles"]
