"""The embedded servers and the supervisor. Knows nothing of the product, and the product nothing of it."""
