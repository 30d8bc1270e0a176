"""A made-up desk that lives through days in seconds, at injected time, and is then examined."""
