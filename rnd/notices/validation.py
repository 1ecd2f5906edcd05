"""What a webhook's address and list of kinds must be."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from foundation.kit.errors import Invalid
from foundation.kit.hosts import PrivateAddress, resolve
from rnd.notices.subjects import told_kinds


def check_url(url: str) -> str:
    """Give the address without spaces around; raises Invalid where messages cannot or must not go there."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or 443
    except ValueError:
        host, port, parts = "", 443, urlsplit("")
    private_hosts = settings.FIELDLOOP_WEBHOOK_PRIVATE_HOSTS
    schemes = ("https", "http") if host in private_hosts else ("https",)
    if not host or parts.scheme not in schemes or parts.username or parts.password or parts.fragment:
        raise Invalid(
            "webhook.url_wrong",
            _("“%(url)s” is no address that a webhook can have. It begins with https://, as in https://host/path.")
            % {"url": url[:200]},
            field="url",
        )
    try:
        resolve(host, port, allowed=private_hosts)
    except PrivateAddress as refused:
        raise Invalid(
            "webhook.url_private",
            _(
                "%(host)s is at the private address %(address)s. If that is meant, the operator lists the host in "
                "FIELDLOOP_WEBHOOK_PRIVATE_HOSTS."
            )
            % {"host": refused.host, "address": refused.address},
            field="url",
        ) from None
    except OSError:
        raise Invalid(
            "webhook.host_unknown",
            _("The host “%(host)s” cannot be found. Is it written right?") % {"host": host},
            field="url",
        ) from None
    return url


def check_kinds(kinds: Iterable[str]) -> list[str]:
    """Give the kinds sorted, each once; raises Invalid for none, or for one that there is not."""
    wanted = sorted(set(kinds))
    known = set(told_kinds())
    unknown = [kind for kind in wanted if kind not in known]
    if unknown or not wanted:
        raise Invalid(
            "webhook.kinds_wrong",
            _("“%(kinds)s” is nothing that a webhook can be told. Choose at least one of: %(known)s.")
            % {"kinds": ", ".join(unknown), "known": ", ".join(sorted(known))}
            if unknown
            else _("Choose at least one thing that the webhook is told."),
            field="kinds",
        )
    return wanted
