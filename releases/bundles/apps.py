"""The room of bundles: releases on a stick, and receipts back."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BundlesConfig(AppConfig):
    """Registers the room's rights, words and destinations when Django is ready."""

    name = "releases.bundles"
    label = "bundles"

    def ready(self) -> None:
        from foundation.accounts.rights import register
        from foundation.kit import navigation, vocabulary
        from foundation.kit.vocabulary import Word
        from releases.bundles.models import Receipt
        from releases.bundles.policies import RIGHTS, WORDS

        register(RIGHTS, WORDS, scope="releases")
        state, verdict = Receipt.State, Receipt.VerdictState
        vocabulary.register(
            "receipt",
            [
                Word(state.TAKEN, state.TAKEN.label, tone="good", icon="check"),
                Word(state.KEPT, state.KEPT.label, tone="info", icon="hourglass"),
                Word(state.REFUSED, state.REFUSED.label, tone="bad", icon="x"),
            ],
        )
        vocabulary.register(
            "receipt_verdict",
            [
                Word(verdict.WAITING, verdict.WAITING.label, tone="info", icon="hourglass"),
                Word(verdict.TAKEN, verdict.TAKEN.label, tone="good", icon="check"),
                Word(verdict.REFUSED, verdict.REFUSED.label, tone="bad", icon="x"),
            ],
        )
        navigation.register(
            navigation.NavItem(
                _("Sticks"),
                "bundles:bundle_list",
                "receipts.take",
                order=47,
                icon="hard-drive-download",
                below="releases:release_list",
            )
        )
