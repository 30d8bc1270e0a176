"""How VIPs fare: the heat map, and what an auditor wants of each ticket."""
