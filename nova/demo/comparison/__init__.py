"""Ways to dispatch, side by side on the same work: many days in seconds, without a database."""
