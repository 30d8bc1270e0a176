"""A made-up desk that lives through days in a minute, at injected time, and is then examined."""
