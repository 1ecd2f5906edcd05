"""Who may do what with artifacts, manifests, signatures, keys and compatibility."""

from typing import Final

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
