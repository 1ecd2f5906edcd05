"""Artifacts, manifests, signatures, keys and compatibility: what makes a release one that can be trusted."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArtifactsConfig(AppConfig):
    """Registers the room's rights, words and destinations when Django is ready."""

    name = "releases.artifacts"
    label = "artifacts"

    def ready(self) -> None:
        from foundation.accounts.rights import register
        from foundation.kit import navigation, vocabulary
        from foundation.kit.vocabulary import Word
        from releases.artifacts.models import Compatibility
        from releases.artifacts.policies import RIGHTS, WORDS

        register(RIGHTS, WORDS, scope="releases")
        state = Compatibility.State
        vocabulary.register(
            "compatibility",
            [
                Word(state.SUPPORTED, state.SUPPORTED.label, tone="good", icon="circle-check"),
                Word(state.BLOCKED, state.BLOCKED.label, tone="bad", icon="ban"),
                Word(state.UNTESTED, state.UNTESTED.label, tone="warn", icon="circle-help"),
            ],
        )
        vocabulary.register(
            "signing_key",
            [
                Word("waiting", _("waits for confirmation"), tone="info", icon="hourglass"),
                Word("active", _("counts"), tone="good", icon="badge-check"),
                Word("future", _("not valid yet"), tone="neutral", icon="clock"),
                Word("expired", _("expired"), tone="muted", icon="clock"),
                Word("revoked", _("revoked"), tone="bad", icon="ban"),
            ],
        )
        navigation.register(
            navigation.NavItem(
                _("Signing keys"),
                "artifacts:key_list",
                "key.confirm",
                order=57,
                icon="key-round",
                below="releases:release_list",
            )
        )
