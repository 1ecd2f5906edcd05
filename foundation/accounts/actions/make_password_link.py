"""Make a one-time link by which a person sets a password."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.kinds import PasswordLinkMade
from foundation.accounts.models import User
from foundation.accounts.reach import require_reach
from foundation.journal import record
from foundation.kit.errors import Conflict


@transaction.atomic
def make_password_link(*, actor: Actor, user: User) -> str:
    """Give the path of a page on which the person sets a password.

    It works once, for as long as PASSWORD_RESET_TIMEOUT says, and signs the person in. Whoever holds it can
    take over the account: it is shown once and kept nowhere. Raises Forbidden, and Conflict for a shut account.
    """
    require_reach(actor, "user.change", user)
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise Conflict(
            "accounts.inactive",
            _("The account “%(username)s” is deactivated. Reactivate it first.") % {"username": user.username},
        )
    record(PasswordLinkMade(), subject=user, actor=actor)
    key = default_token_generator.make_token(user)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key})
