"""The one family of errors that a person may read."""


class Refused(Exception):
    """A rule said no. The message is fit to show to the person who asked; pages and API answer 409."""


class Stale(Refused):
    """Someone else changed the thing first. API and pages answer 412."""
