"""Tokens against forgery stand in pages, and by chance they may hold any word."""

import re

TOKEN = re.compile(r"[A-Za-z0-9]{64}")


def without_tokens(response):
    """Return what an answer says, but for its tokens."""
    return TOKEN.sub("", response.content.decode())
