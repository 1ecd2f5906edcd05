"""Says in the reader's language what the pure modules refuse."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.kit.errors import Invalid
from releases.artifacts.faults import Fault

_SENTENCES: Final[dict[str, str | Promise]] = {
    "key.malformed": _(
        "This is no minisign public key. Send the file minisign.pub as it is, or its second line, which begins with RW."
    ),
    "key.algorithm": _("The key's algorithm is “%(algorithm)s”; minisign keys have “Ed”."),
    "signature.malformed": _(
        "This is no minisign signature. Send the file SHA256SUMS.minisig as minisign wrote it: four lines, the first "
        "of which begins with “untrusted comment:”."
    ),
    "signature.legacy": _(
        "The key %(key)s signed in minisign's legacy format, which is not accepted. Sign again with “minisign -S -H”, "
        "and without -l."
    ),
    "signature.algorithm": _("The signature's algorithm is “%(algorithm)s”; only “ED” (prehashed) is accepted."),
    "signature.other_key": _("This was signed with the key %(key)s, and not with %(expected)s."),
    "signature.wrong": _(
        "The signature with the key %(key)s does not fit these files: SHA256SUMS is not the one that was signed. Fetch "
        "SHA256SUMS anew, check it, and sign that."
    ),
    "signature.comment": _(
        "The trusted comment “%(comment)s” is not what the holder of the key %(key)s signed: it was changed afterwards."
    ),
    "file.name": _(
        "“%(name)s” is no name for a file of a release. It has 1 to 120 of the characters A–Z, a–z, 0–9 and . _ + -, "
        "and begins with a letter, a digit or _."
    ),
    "sums.malformed": _("Line %(line)s of SHA256SUMS is not “<64 hex digits>  <name>”."),
    "sums.twice": _("SHA256SUMS names “%(name)s” twice."),
    "manifest.malformed": _("The manifest cannot be read: %(why)s."),
    "manifest.format": _("The manifest's format is “%(format)s”, which is not known here."),
    "manifest.not_canonical": _("The manifest is not in the canonical spelling of RFC 8785."),
    "sbom.malformed": _("This is no bill of materials in CycloneDX's JSON: %(why)s."),
    "sbom.version": _("CycloneDX “%(version)s” is not known here. There are: %(known)s."),
    "sbom.type": _("The bill of materials is about a “%(type)s”; its metadata.component has to be of type “firmware”."),
    "sbom.release": _(
        "The bill of materials is about “%(name)s %(version)s”; it has to name the version of the release, "
        "%(expected)s."
    ),
    "tus.header": _("The header %(header)s cannot be “%(value)s”."),
}


def sentence_of(fault: Fault) -> str:
    """Give the sentence that tells the fault."""
    return str(_SENTENCES[fault.code]) % fault.values


def refusal_of(fault: Fault, *, field: str = "") -> Invalid:
    """Give the fault as the house refuses."""
    return Invalid(fault.code, sentence_of(fault), field=field)
