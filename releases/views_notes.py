"""Notes as people read them: as a page that prints well, as text, as a feed; and the translators' desk."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.catalogue.models import Programme
from foundation.kit import markdown
from foundation.kit.errors import NotFound
from releases import languages, queries
from releases.actions.set_term import set_term
from releases.actions.translate_notes import translate_notes
from releases.forms import NotesForm, TermForm
from releases.models import Channel, NotesTranslation, Release, Term
from releases.policies import RIGHTS
from releases.requests import actor_of_request, done, values_of


def _asked_language(request: HttpRequest) -> str:
    asked = request.GET.get("lang", "") or get_language() or languages.SOURCE
    return asked if asked in languages.ALL else languages.SOURCE


@login_required
@require_safe
def read(request: HttpRequest, component: str, version: str) -> HttpResponse:
    """Show the notes alone, for reading and for paper; `?lang=` chooses the language."""
    release = queries.release_of(actor_of_request(request), component, version)
    notes = languages.notes_in(release, _asked_language(request))
    context = {
        "release": release,
        "notes": notes,
        "html": markdown.render(notes.text),
        "languages": languages.ALL,
        "publications": release.publications.order_by("at", "pk"),
    }
    return render(request, "releases/notes_read.html", context)


@login_required
@require_safe
def text(request: HttpRequest, component: str, version: str, form: str) -> HttpResponse:
    """Give the notes as a text file, "md" or "txt"; what is not there in a language says so in its first line."""
    release = queries.release_of(actor_of_request(request), component, version)
    if form not in ("md", "txt"):
        raise NotFound("notes.form_unknown", _("Notes come as notes.md and notes.txt."))
    notes = languages.notes_in(release, _asked_language(request))
    warning = f"({_('These notes are not translated yet; this is the English text.')})\n\n" if notes.falls_back else ""
    body = f"# {release}\n\n{warning}{notes.text}\n"
    if form == "txt":
        body = languages.plain_text(body)
    kind = "text/markdown" if form == "md" else "text/plain"
    response = HttpResponse(body, content_type=f"{kind}; charset=utf-8")
    name = f"{release.component.slug}-{release.version}-{notes.language}.{form}"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Content-Language"] = notes.language
    return response


@login_required
@require_safe
def latest_notes(request: HttpRequest, component: str, form: str) -> HttpResponse:
    """Lead to the notes of the newest release that is out on `?channel=` (the fleet's, if none is named)."""
    channel = request.GET.get("channel", Channel.FLEET.value).replace("\x00", "")
    found = queries.latest_release(actor_of_request(request), component, channel=channel)
    names = {"component": found.component.slug, "version": found.version}
    url = reverse("releases:notes_read", kwargs=names) if form == "read" else f"{found.get_absolute_url()}notes.{form}"
    lang = _asked_language(request)
    return redirect(f"{url}?lang={lang}" if "lang" in request.GET else url)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def translate(request: HttpRequest, component: str, version: str, language: str) -> HttpResponse:
    """Translate the notes, the English text and the glossary's words beside."""
    actor = actor_of_request(request)
    found = queries.release_of(actor, component, version)
    actor.require("release.edit_notes", programme_id=found.component.programme_id)
    if language not in languages.OTHERS:
        raise NotFound("release.language_unknown", _("Notes are not translated into this language."))
    before = NotesTranslation.objects.filter(release=found, language=language).first()
    form = NotesForm(request.POST or None, initial={"notes": before.text if before else ""})
    if request.method == "POST" and form.is_valid():
        act = lambda: translate_notes(  # noqa: E731 -- called at once, with the form's errors caught
            actor=actor, release=found, language=language, text=form.cleaned_data["notes"]
        )
        if done(form, act) is not None:
            return redirect(found)
    context = {
        "form": form,
        "release": found,
        "language": language,
        "languages": languages.OTHERS,
        "notes": languages.notes_in(found, language),
        "terms": _terms_in(found, language, form["notes"].value() or ""),
    }
    return render(request, "releases/notes_translate.html", context, status=422 if request.method == "POST" else 200)


def _terms_in(release: Release, language: str, text: str) -> list[dict[str, Any]]:
    """Give the glossary's words that the English notes use, and whether the translation has them."""
    source, low = release.notes.lower(), text.lower()
    return [
        {"en": term.en, "word": word, "used": word.lower() in low}
        for term in Term.objects.filter(programme=release.component.programme_id)
        if (word := getattr(term, language)) and term.en.lower() in source
    ]


@login_required
@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """Show the words of the programmes' glossaries."""
    actor = actor_of_request(request)
    actor.require("term.set")
    programmes = Programme.objects.filter(pk__in=actor.programmes(*RIGHTS["term.set"])).prefetch_related("terms")
    return render(request, "releases/glossary.html", {"programmes": programmes, "form": TermForm(actor=actor)})


@login_required
@require_POST
def glossary_set(request: HttpRequest) -> HttpResponse:
    """Write one word, or take it out by leaving its translations empty."""
    actor = actor_of_request(request)
    actor.require("term.set")
    values = values_of(TermForm(request.POST, actor=actor))
    term = set_term(actor=actor, **values)
    messages.success(
        request,
        (_("“%(word)s” is in the glossary.") if term else _("“%(word)s” is taken out of the glossary."))
        % {"word": values["en"]},
    )
    return redirect("releases:glossary")
