"""The one kind of failure that set-up and the supervisor tell people about."""


class SetupError(Exception):
    """One clear line: what is wrong, where, and what would be right. Shown without a traceback."""
