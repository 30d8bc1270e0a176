"""Read other systems' logs of tickets, and tell from them what happened. Writes nothing."""
