"""Nova Core's pages of people, roles, keys and the organisation. Importing registers them."""

from nova.accounts.admin import keys, organisation, people, proxies, roles

__all__ = ["keys", "organisation", "people", "proxies", "roles"]
