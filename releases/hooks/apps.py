"""The room of webhooks in, on the floor of what ships."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HooksConfig(AppConfig):
    """Registers the room's rights and words when Django is ready."""

    name = "releases.hooks"
    label = "hooks"

    def ready(self) -> None:
        from foundation.accounts.rights import register
        from foundation.kit import vocabulary
        from foundation.kit.vocabulary import Word
        from releases.hooks.models import HookDelivery
        from releases.hooks.policies import RIGHTS, WORDS

        register(RIGHTS, WORDS, scope="releases")
        result = HookDelivery.Result
        vocabulary.register(
            "hook_delivery",
            [
                Word(result.FETCH, result.FETCH.label, tone="good", icon="check", hint=_("The repository was fetched")),
                Word(result.PING, result.PING.label, tone="good", icon="activity", hint=_("The secret is right")),
                Word(result.IGNORED, result.IGNORED.label, tone="neutral", icon="circle-dashed"),
                Word(result.REFUSED, result.REFUSED.label, tone="bad", icon="ban", hint=_("Nothing was done")),
            ],
        )
