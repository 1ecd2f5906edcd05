"""The mail server: whoever sends several mails has to know whether one of them is refused, or none can be sent."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend


class OutOfReach(Exception):
    """No mail can be sent now, whoever it is to: the server is not there, does not answer or lets nobody in."""


@contextmanager
def connected() -> Iterator[BaseEmailBackend]:
    """Give a connection to the mail server; raises OutOfReach where there is none within EMAIL_TIMEOUT."""
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:  # whatever smtplib raises is one
        raise OutOfReach(type(error).__name__) from error
    try:
        yield connection
    finally:
        connection.close()
