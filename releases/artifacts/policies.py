"""Who may do what with artifacts, manifests, signatures, keys and compatibility."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.accounts.roles import Role
from releases.policies import SEERS, STAFF

_KEEPERS: Final = frozenset({Role.RELEASE_MANAGER, Role.ADMIN})
_WRITERS: Final = frozenset({Role.RELEASE_MANAGER, Role.ENGINEER})

RIGHTS: Final[dict[str, frozenset[Role]]] = {
    "artifact.see": SEERS,
    "artifact.download": SEERS,
    "artifact.add": _WRITERS,
    "artifact.remove": _WRITERS,
    "artifact.check": _KEEPERS | _WRITERS,
    "sbom.add": _WRITERS,
    "manifest.seal": frozenset({Role.RELEASE_MANAGER}),
    "signature.add": _WRITERS,
    "compatibility.set": _WRITERS,
    "key.see": STAFF,
    "key.register": _KEEPERS,
    "key.confirm": _KEEPERS,
    "key.revoke": _KEEPERS,
}

# What each is, in words that stand after “may” and “may not”.
WORDS: Final[dict[str, str | Promise]] = {
    "artifact.see": _("see the files of releases"),
    "artifact.download": _("download the files of releases"),
    "artifact.add": _("add files to releases"),
    "artifact.remove": _("remove files from releases"),
    "artifact.check": _("check the files of releases"),
    "sbom.add": _("add bills of materials (SBOM)"),
    "manifest.seal": _("seal manifests"),
    "signature.add": _("add signatures"),
    "compatibility.set": _("say which hardware a release goes with"),
    "key.see": _("see signing keys"),
    "key.register": _("register signing keys"),
    "key.confirm": _("confirm signing keys"),
    "key.revoke": _("revoke signing keys"),
}
