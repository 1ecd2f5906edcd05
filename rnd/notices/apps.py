"""Who is told what: other systems by webhook, people by notices."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "rnd.notices"
    label = "notices"

    def ready(self) -> None:
        from foundation.accounts import rights
        from foundation.kit import navigation, vocabulary
        from foundation.kit.vocabulary import Word
        from rnd.notices.models import Delivery
        from rnd.notices.policies import RIGHTS, WORDS

        rights.register(RIGHTS, WORDS, scope="webhooks")
        navigation.register_account(
            navigation.NavItem(_("Webhooks"), "notices:webhook_list", "webhook.see", order=65, icon="send")
        )
        navigation.register_account(navigation.NavItem(_("Notices"), "notices:notice_list", order=5, icon="bell"))
        state = Delivery.State
        vocabulary.register(
            "delivery",
            [
                Word(state.DUE, state.DUE.label, tone="info", icon="hourglass"),
                Word(state.DELIVERED, state.DELIVERED.label, tone="good", icon="circle-check"),
                Word(state.FAILED, state.FAILED.label, tone="bad", icon="circle-alert"),
            ],
        )
