"""The kit's one table: answers already given to requests that may be sent again."""

from typing import ClassVar

from django.db import models


class IdempotentRequest(models.Model):
    """A change that was asked for under a key, and the answer it got. Written in the change's own transaction.

    While that transaction runs, the unique constraint makes a second request with the key wait for its end.
    """

    user_id = models.BigIntegerField()
    method = models.CharField(max_length=8)
    path = models.CharField(max_length=500)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user_id", "method", "path", "key"], name="idempotentrequest_once")
        ]
        # Read by forget_idempotent_requests, which removes what is too old to be sent again.
        indexes: ClassVar = [models.Index(fields=["created_at"], name="idempotentrequest_age")]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.key}"
