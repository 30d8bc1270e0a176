"""The one family of errors that a person may read."""


class Refused(Exception):
    """A rule said no. The message is fit to show; pages and API answer 409 with it."""


class Stale(Refused):
    """Someone else changed the thing first. API and pages answer 412."""
