"""Says in the reader's language what the pure modules of this room refuse."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from foundation.kit.errors import Invalid
from releases.artifacts.faults import Fault
from releases.artifacts.sentences import sentence_of as _of_artifacts

_SENTENCES: Final[dict[str, str | Promise]] = {
    "archive.not_tar": _("This is no bundle: it is not a tar archive. Choose the .tar file as it was downloaded."),
    "archive.truncated": _(
        "The bundle is cut off: it has %(size)s bytes, and at least %(needed)s are needed. Copy it again."
    ),
    "archive.checksum": _("The archive is damaged: a header in it is not what was written. Copy the bundle again."),
    "archive.path": _("The archive has a file named “%(path)s”. A bundle holds no such path; do not use this stick."),
    "archive.kind": _("“%(path)s” in the archive is a link or a device; a bundle holds plain files only."),
    "archive.twice": _("The archive holds “%(path)s” twice; which of them was meant cannot be known."),
    "archive.too_many": _("The archive holds more than %(most)s entries; a bundle never does."),
    "archive.tail": _("After its end the archive goes on with something else. Copy the bundle again."),
    "bundle.folders": _("“%(path)s” is not in the folder “%(folder)s”, which all of the bundle should be in."),
    "bundle.unlisted": _("“%(path)s” is in the bundle, and nothing in it says that it belongs there."),
    "bundle.missing": _("“%(path)s” is missing in the bundle."),
    "bundle.too_large": _("“%(path)s” has %(size)s bytes; at most %(most)s are taken."),
    "bundle.differs": _("“%(path)s” is not the file whose sum was written down. Copy the bundle again."),
    "bundle.manifest": _("The manifest and SHA256SUMS do not tell the same of “%(path)s”."),
    "bundle.unsigned_sums": _("Line %(line)s of UNSIGNED-SHA256SUMS is not “<64 hex digits>  <path>”."),
    "bundle.not_text": _("A document in the bundle is not text in UTF-8."),
    "receipts.too_large": _("The file has %(size)s bytes; at most %(most)s are taken at once."),
    "receipts.not_text": _("This is no file of receipts: it is not text in UTF-8."),
    "receipts.empty": _("There is no receipt in the file."),
    "receipts.too_many": _("The file holds %(count)s receipts; at most %(most)s are taken at once."),
    "receipt.malformed": _("Line %(line)s is no receipt: neither “name: value”, nor JSON, nor a row of the table."),
    "receipt.unknown_column": _("Line %(line)s has something that no receipt has: %(name)s."),
    "receipt.too_long": _("“%(name)s” in line %(line)s is longer than %(most)s characters."),
    "receipt.missing": _("Line %(line)s does not say “%(name)s”."),
    "receipt.verdict": _("“%(value)s” in line %(line)s is no verdict. It is one of: %(known)s."),
    "receipt.uuid": _("“%(value)s” in line %(line)s is no UUID. Leave it empty if you write by hand."),
    "receipt.time": _("“%(value)s” in line %(line)s is no moment. Write it like 2026-11-22 14:30."),
}


def sentence_of(fault: Fault) -> str:
    """Give the sentence that tells the fault."""
    sentence = _SENTENCES.get(fault.code)
    return str(sentence) % fault.values if sentence is not None else _of_artifacts(fault)


def refusal_of(fault: Fault, *, field: str = "file") -> Invalid:
    """Give the fault as the house refuses."""
    return Invalid(fault.code, sentence_of(fault), field=field)
