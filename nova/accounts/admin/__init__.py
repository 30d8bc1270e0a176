"""Nova Core's pages of people, roles, keys and the organisation. Importing registers them."""

from nova.accounts.admin import groups, imports, keys, organisation, people, proxies, roles

__all__ = ["groups", "imports", "keys", "organisation", "people", "proxies", "roles"]
