"""The base of errors that a person can mend: told in a sentence."""


class PlateiaError(Exception):
    """Something asked for cannot be done; the message says why."""
