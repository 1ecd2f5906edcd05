"""Make an API token useless."""

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.actors import Actor
from foundation.accounts.kinds import TokenRevoked
from foundation.accounts.models import ApiToken
from foundation.accounts.reach import require_reach
from foundation.journal import record
from foundation.kit import clock
from foundation.kit.errors import Conflict


@transaction.atomic
def revoke_token(*, actor: Actor, token: ApiToken) -> ApiToken:
    """Let the token open nothing from now on: one's own, or as an administrator of its owner.

    Raises Forbidden, and Conflict for a token that is revoked already.
    """
    token = ApiToken.objects.select_for_update().get(pk=token.pk)
    if actor.user_id != token.user_id or actor.scopes is not None:
        require_reach(actor, "user.change", token.user)
    if token.revoked_at is not None:
        raise Conflict("accounts.revoked_already", _("The token “%(name)s” is revoked already.") % {"name": token.name})
    token.revoked_at = clock.now()
    token.save(update_fields=["revoked_at"])
    record(TokenRevoked(user_id=token.user_id, name=token.name), subject=token, actor=actor)
    return token
