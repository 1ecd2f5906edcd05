"""The pages of sticks: what can be taken away, what came in, and the receipts that come back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.journal.queries import activity
from foundation.kit import clock, markdown
from foundation.kit.paging import page_of
from releases.bundles import queries
from releases.bundles.actions.import_bundle import import_bundle
from releases.bundles.actions.let_out_bundle import let_out_bundle
from releases.bundles.actions.take_receipts import Taken, take_receipts
from releases.bundles.forms import ImportForm, InstalledForm, LetOutForm, ReceiptsForm
from releases.bundles.making import team_of
from releases.bundles.models import Receipt
from releases.bundles.receipts import LARGEST
from releases.bundles.sending import send_bundle
from releases.bundles.serving import dressed, send_file
from releases.queries import release_of
from releases.requests import actor_of_request, done, values_of


@login_required
@require_safe
def panel(request: HttpRequest, component: str, version: str) -> HttpResponse:
    """Show what can be taken away of a release (a panel of its page)."""
    actor = actor_of_request(request)
    release = release_of(actor, component, version)
    context = {"release": release, "offer": queries.offer_of(actor, release)}
    return render(request, "bundles/_panel.html", context)


@login_required
@require_safe
def download(request: HttpRequest, component: str, version: str) -> HttpResponseBase:
    """Send the bundle of a release for the team that `?team=` names; a download that broke off is carried on."""
    actor = actor_of_request(request)
    release = release_of(actor, component, version)
    actor.require("bundle.make", programme_id=release.component.programme_id)
    return send_bundle(request, actor, release, team_of(actor, release, request.GET.get("team", "")))


@login_required
@require_safe
def bundle_list(request: HttpRequest) -> HttpResponse:
    """List what came in on sticks."""
    actor = actor_of_request(request)
    actor.require("bundle.see")
    context = {
        "page": page_of(queries.bundles_of(actor), request),
        "may_import": actor.may("bundle.import"),
        "may_take": actor.may("receipts.take"),
    }
    return render(request, "bundles/bundle_list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def bundle_import(request: HttpRequest) -> HttpResponse:
    """Take a bundle in."""
    actor = actor_of_request(request)
    actor.require("bundle.import")
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        found = done(form, lambda: import_bundle(actor=actor, file=values["file"], channel=values["channel"]))
        if found is not None:
            messages.success(request, _("%(bundle)s is checked and taken in.") % {"bundle": found})
            return redirect(found)
    return render(request, "bundles/import.html", {"form": form}, status=422 if request.method == "POST" else 200)


@login_required
@require_safe
def bundle(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an imported bundle: its files, who vouches for it, what came with it."""
    return _bundle(request, pk, None)


def _bundle(request: HttpRequest, pk: int, form: InstalledForm | None) -> HttpResponse:
    actor = actor_of_request(request)
    found = queries.imported_bundle_of(actor, pk)
    programme = found.component.programme_id
    contents = queries.contents_of(found, get_language() or "en")
    may_report = actor.may("receipts.take", programme_id=programme)
    context = {
        "bundle": found,
        "contents": contents,
        "files": found.files.select_related("blob").defer("blob__leaves"),
        "notes": markdown.render(contents.notes),
        "may_let_out": actor.may("bundle.import", programme_id=programme),
        "let_out_form": LetOutForm(initial={"channel": found.channel}),
        "form": (form or InstalledForm(actor=actor, bundle=found)) if may_report else None,
        "receipts": queries.receipts_of(actor).filter(bundle=found)[:20],
        "entries": activity(subjects=[("bundle", found.pk)], limit=20),
    }
    return render(request, "bundles/bundle.html", context, status=422 if form is not None else 200)


@login_required
@require_safe
def bundle_file(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """Send a file of an imported bundle."""
    actor = actor_of_request(request)
    return send_file(request, actor, queries.imported_bundle_of(actor, pk), name)


@login_required
@require_POST
def let_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which teams have it."""
    actor = actor_of_request(request)
    found = queries.imported_bundle_of(actor, pk)
    actor.require("bundle.import", programme_id=found.component.programme_id)
    found = let_out_bundle(actor=actor, bundle=found, **values_of(LetOutForm(request.POST)))
    messages.success(request, _("It is noted who has %(bundle)s.") % {"bundle": found})
    return redirect(found)


@login_required
@require_POST
def installed(request: HttpRequest, pk: int) -> HttpResponse:
    """Report that a team runs it; the receipt waits here until it is carried on."""
    actor = actor_of_request(request)
    found = queries.imported_bundle_of(actor, pk)
    actor.require("receipts.take", programme_id=found.component.programme_id)
    form = InstalledForm(_with_time(request), actor=actor, bundle=found)
    if form.is_valid():
        taken = done(form, lambda: take_receipts(actor=actor, content=form.line(), source=_("the page")))
        if taken is not None and not taken.refused:
            messages.success(request, _("Noted. The receipt goes back with the next stick."))
            return redirect(found)
        for receipt in taken.refused if taken is not None else ():
            form.add_error(None, receipt.error)
    return _bundle(request, pk, form)


def _with_time(request: HttpRequest) -> dict[str, str]:
    """Give what was filled in; no time means now."""
    values = {name: request.POST.get(name, "") for name in request.POST}
    values["installed_at"] = values.get("installed_at") or clock.now().isoformat(timespec="seconds")
    return values


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def receipts(request: HttpRequest) -> HttpResponse:
    """List receipts, and take a file of them in."""
    actor = actor_of_request(request)
    actor.require("receipts.take")
    form = ReceiptsForm(request.POST or None, request.FILES or None)
    taken: Taken | None = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        taken = done(
            form, lambda: take_receipts(actor=actor, content=file.read(LARGEST + 1), source=str(file.name or ""))
        )
    if taken is not None and not taken.refused:
        messages.success(request, _told(taken))
        return redirect("bundles:receipts")
    context = {
        "form": form,
        "taken": taken,
        "page": page_of(queries.receipts_of(actor), request),
        "kept": queries.receipts_of(actor).filter(state=Receipt.State.KEPT).count(),
    }
    return render(request, "bundles/receipts.html", context, status=422 if request.method == "POST" else 200)


def _told(taken: Taken) -> str:
    fresh = len(taken.receipts) - len(taken.known)
    text = ngettext("%(count)s receipt is taken in.", "%(count)s receipts are taken in.", fresh) % {"count": fresh}
    if taken.known:
        text += " " + ngettext("%(count)s had come before.", "%(count)s had come before.", len(taken.known)) % {
            "count": len(taken.known)
        }
    return text


@login_required
@require_safe
def kept(request: HttpRequest) -> HttpResponseBase:
    """Send the receipts that wait to be carried on, as JSON lines."""
    actor = actor_of_request(request)
    actor.require("receipts.take")
    answer = HttpResponse(queries.kept_lines(actor), content_type="application/x-ndjson")
    return dressed(answer, "receipts.jsonl")
