"""Trials of the whole of Nova: how fast it is, and what it survives. Wiring; no product code."""
