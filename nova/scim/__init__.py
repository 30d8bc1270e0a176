"""SCIM 2.0: an organisation's identity provider keeps its people and groups here."""
