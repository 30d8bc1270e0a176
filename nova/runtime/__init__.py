"""The embedded servers and the supervisor. They and the product know nothing of each other."""
