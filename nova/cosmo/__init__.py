"""Cosmo, the assistant: what it reads in texts. It knows people, and no ticket."""
