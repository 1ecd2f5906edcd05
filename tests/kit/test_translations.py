"""Catalogues: found in code and templates, merged without loss, and checked before anyone reads them."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import ngettext, override, trans_real

from foundation.kit import catalogues

CODE = """
from django.utils.translation import gettext as _, ngettext, pgettext

def f(n):
    # Translators: a stage of the loop
    _("Triage")
    _("It is %(state)s"
      " now") % {"state": n}
    pgettext("verb", "Release")
    return ngettext("%(n)s ticket", "%(n)s tickets", n)
"""
TEMPLATE = """{% load i18n %}
<p title="{% trans "The title" %}">
    {% blocktrans count n=rows|length trimmed %}
      one row of {{ name }}
    {% plural %}
      {{ n }} rows of {{ name }}
    {% endblocktrans %}
  {{ _("in braces")|upper }} it's "quoted {% trans 'Release' context "noun" %}
 don't
</p>"""


@pytest.fixture
def root(tmp_path: Path, settings: object) -> Path:
    for path, text in (("foundation/a.py", CODE), ("rnd/loop/templates/loop/a.html", TEMPLATE)):
        file = tmp_path / path
        file.parent.mkdir(parents=True)
        file.write_text(text)
    settings.BASE_DIR = tmp_path  # type: ignore[attr-defined]  # pytest-django's settings proxy
    return tmp_path


def fill(root: Path, language: str, *, spoil: str = "") -> None:
    catalogue = catalogues.merged(catalogues.extracted(root), root, language)
    rows = []
    for message in catalogues.missing(catalogue):
        text = message.id if isinstance(message.id, str) else message.id[1]
        same = f"«{text}»".replace(spoil, "") if spoil else f"«{text}»"
        string = same if isinstance(message.id, str) else [same] * catalogue.num_plurals
        rows.append({"id": message.id, "context": message.context, "string": string})
    catalogues.fill(catalogue, rows)
    catalogues.write(catalogue, catalogues.po_path(root, language))


def fill_anew(root: Path, *, spoil: str) -> None:
    catalogues.po_path(root, "uk").unlink()
    fill(root, "uk", spoil=spoil)


def mark_fuzzy(root: Path) -> None:
    path = catalogues.po_path(root, "uk")
    path.write_text(path.read_text().replace('msgid "Triage"', '#, fuzzy\nmsgid "Triage"'))


def test_messages_are_found_in_code_and_templates(root: Path) -> None:
    found = {(m.context, m.id) for m in catalogues.extracted(root) if m.id}
    assert found == {
        (None, "Triage"),
        (None, "It is %(state)s now"),
        ("verb", "Release"),
        (None, ("%(n)s ticket", "%(n)s tickets")),
        (None, "The title"),
        (None, ("one row of %(name)s", "%(n)s rows of %(name)s")),
        (None, "in braces"),
        ("noun", "Release"),
    }


def test_what_is_complete_passes(root: Path) -> None:
    for language in catalogues.LANGUAGES:
        fill(root, language)
    call_command("translations", "--check")


def test_running_it_again_changes_nothing(root: Path) -> None:
    fill(root, "uk")
    call_command("translations", verbosity=0)
    files = sorted((root / "locale").rglob("django.*"))
    first = [file.read_bytes() for file in files]
    call_command("translations", verbosity=0)
    assert [file.read_bytes() for file in files] == first
    assert len(files) == 4


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda root: (root / "rnd" / "b.py").write_text('_("A new one")'), "1 of 9 messages have no translation"),
        (lambda root: fill_anew(root, spoil="%(state)s"), "placeholders differ"),
        (lambda root: catalogues.po_path(root, "uk").with_suffix(".mo").write_bytes(b""), "django.mo is stale"),
        (lambda root: (root / "foundation" / "a.py").rename(root / "foundation" / "b.py"), "django.po is stale"),
        (mark_fuzzy, "1 of 8 messages have no translation"),
    ],
)
def test_what_is_not_right_is_said(root: Path, change: object, complaint: str) -> None:
    for language in catalogues.LANGUAGES:
        fill(root, language)
    change(root)  # type: ignore[operator]  # one of the functions above
    with pytest.raises(CommandError, match=complaint):
        call_command("translations", "--check")


def forget() -> None:
    vars(trans_real)["_translations"].clear()


def test_ukrainian_has_its_three_plurals(root: Path, settings: object) -> None:
    catalogue = catalogues.merged(catalogues.extracted(root), root, "uk")
    forms = ["%(n)s заявка", "%(n)s заявки", "%(n)s заявок"]
    catalogues.fill(catalogue, [{"id": ["%(n)s ticket", "%(n)s tickets"], "context": None, "string": forms}])
    catalogues.write(catalogue, catalogues.po_path(root, "uk"))
    settings.LOCALE_PATHS = [root / "locale"]  # type: ignore[attr-defined]  # pytest-django's settings proxy
    forget()
    try:
        with override("uk"):
            said = [ngettext("%(n)s ticket", "%(n)s tickets", n) % {"n": n} for n in (1, 2, 5, 11, 21)]
    finally:
        forget()
    assert said == ["1 заявка", "2 заявки", "5 заявок", "11 заявок", "21 заявка"]
