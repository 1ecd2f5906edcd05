"""What this room says in the journal (about the repository)."""

from django.utils.translation import gettext as _

from foundation.journal.kinds import Payload


class HookSecretMade(Payload, kind="repository.hook_secret_made"):
    """A new secret for the repository's webhook was made; the one before counts until it expires."""

    first: bool

    def sentence(self) -> str:
        if self.first:
            return _("made the secret of the webhook")
        return _("made a new secret of the webhook")


class HookSecretsRevoked(Payload, kind="repository.hook_secrets_revoked"):
    """No secret counts any more: hooks are refused until a new one is made."""

    def sentence(self) -> str:
        return _("revoked the secrets of the webhook")
