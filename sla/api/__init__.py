"""Service levels by API."""
