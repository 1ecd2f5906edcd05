"""What the journal may say of webhooks."""

from django.utils.translation import gettext as _

from foundation.journal.kinds import Payload


class WebhookAdded(Payload, kind="webhook.added"):
    name: str
    url: str
    kinds: list[str]

    def sentence(self) -> str:
        return _("added the webhook “%(name)s” to %(url)s") % {"name": self.name, "url": self.url}


class WebhookChanged(Payload, kind="webhook.changed"):
    name: str
    url: str
    kinds: list[str]

    def sentence(self) -> str:
        return _("changed the webhook “%(name)s” to %(url)s") % {"name": self.name, "url": self.url}


class WebhookDisabled(Payload, kind="webhook.disabled"):
    reason: str

    def sentence(self) -> str:
        return _("turned the webhook off: %(reason)s") % {"reason": self.reason}


class WebhookEnabled(Payload, kind="webhook.enabled"):
    def sentence(self) -> str:
        return _("turned the webhook on")


class WebhookKeyRotated(Payload, kind="webhook.key_rotated"):
    def sentence(self) -> str:
        return _("made a new key for the webhook")


class DeliveryResent(Payload, kind="webhook.resent"):
    message: str

    def sentence(self) -> str:
        return _("sent %(message)s again") % {"message": self.message}
