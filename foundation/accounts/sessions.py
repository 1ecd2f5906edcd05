"""Who is signed in: the session and its user, which every page reads first, by queries that are taken apart once."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend as AllauthBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.db.models.functions import Now

from foundation.accounts.models import User
from foundation.kit.asking import Row, objects_of, rows_of


class SessionStore(db.SessionStore):
    """Django's sessions in the database, loaded quicker."""

    def load(self) -> dict[str, Any]:
        """Give what the session holds; nothing for one that is over or was never there."""
        for (data,) in rows_of(_session, key=self.session_key or ""):
            return dict(self.decode(data))
        self._session_key = None
        return {}


class AuthenticationBackend(AllauthBackend):
    """allauth's way in, by user name or e-mail; who came in is read quicker."""

    def get_user(self, user_id: Any) -> User | None:
        """Give the active user with this primary key."""
        found = objects_of(_user, key=int(user_id))
        return next((user for user in found if self.user_can_authenticate(user)), None)


def _session(key: str) -> QuerySet[Session, Row]:
    # By the database's clock: the demo's and the browser's do not matter.
    return Session.objects.filter(session_key=key, expire_date__gt=Now()).values_list("session_data")


def _user(pk: int) -> QuerySet[User]:
    return User.objects.filter(pk=pk)
