"""Errors meant for people: one sentence saying what happened, where, and what to do next."""


class AftersalesError(Exception):
    """A failure the user can act on; the command line prints its text without a traceback."""
