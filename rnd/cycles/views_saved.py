"""Reports that people keep: saved with their filters, frozen with their figures, and sent every week."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.accounts.actors import Actor
from foundation.accounts.middleware import PageRequest
from foundation.accounts.models import User
from foundation.accounts.reach import require_person
from foundation.catalogue.models import Programme
from foundation.kit.errors import Conflict, Invalid, NotFound, Unavailable
from rnd.cycles import digest
from rnd.cycles.actions import freeze_report, read_digest, remove_report, save_report
from rnd.cycles.filters import Filters
from rnd.cycles.forms import ReportForm
from rnd.cycles.forms_saving import SaveForm
from rnd.cycles.models import DigestReader, FrozenReport, SavedReport
from rnd.cycles.pages import PAGES, Page, page_url
from rnd.cycles.views import charts_of, documents_of, form_of, page_again, pairs_of
from rnd.cycles.views_files import filter_invalid


@require_safe
@login_required
def saved_list(request: PageRequest) -> HttpResponse:
    """List one's saved reports, those that others share, and what one froze."""
    request.actor.require("report.see")
    found = SavedReport.objects.visible_to(request.actor).select_related("owner").order_by("name", "pk")[:200]
    frozen = FrozenReport.objects.filter(frozen_by=request.actor.user_id).defer("document").order_by("-pk")[:50]
    rows = [(one, PAGES[one.report].title if one.report in PAGES else one.report) for one in found]
    ice = [(one, PAGES[one.report].title if one.report in PAGES else one.report) for one in frozen]
    return render(request, "cycles/saved_list.html", {"rows": rows, "frozen": ice, "me": request.actor.user_id})


@require_POST
@login_required
def save(request: PageRequest) -> HttpResponse:
    """Save the report that the form names; where it cannot be saved so, the report stays and the form says why."""
    shown, form, query = _asked(request)
    saving = SaveForm(request.POST)
    if not saving.is_valid():
        return page_again(request, shown, form, query, saving)
    save_report(
        actor=request.actor,
        report=shown.slug,
        query=query.urlencode(),
        programmes=_programmes(request.actor, form.filters()),
        **saving.cleaned_data,
    )
    messages.success(request, _("The report is saved."))
    return redirect("cycles:saved_list")


@require_safe
@login_required
def saved(request: PageRequest, pk: int) -> HttpResponse:
    """Open a saved report: its page with its filters, over what the reader may see."""
    request.actor.require("report.see")
    found = SavedReport.objects.visible_to(request.actor).filter(pk=pk).first()
    if found is None or found.report not in PAGES:
        raise NotFound("report.not_found", _("There is no saved report %(number)d that you may see.") % {"number": pk})
    return redirect(page_url(found.report) + (f"?{found.query}" if found.query else ""))


@require_POST
@login_required
def remove(request: PageRequest, pk: int) -> HttpResponse:
    """Remove one's own saved report."""
    request.actor.require("report.save")
    found = SavedReport.objects.visible_to(request.actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("report.not_found", _("There is no saved report %(number)d that you may see.") % {"number": pk})
    remove_report(actor=request.actor, saved=found)
    messages.success(request, _("The report is removed from the list."))
    return redirect("cycles:saved_list")


@require_POST
@login_required
def freeze(request: PageRequest) -> HttpResponse:
    """Freeze the figures of the report that the form names."""
    shown, form, query = _asked(request)
    request.actor.require("report.save")
    document, *others = documents_of(shown, form, request.actor)
    found = freeze_report(
        actor=request.actor,
        document=document,
        beside=others[0] if others else None,
        query=query.urlencode(),
        programmes=_programmes(request.actor, form.filters(), form.against_filters()),
    )
    messages.success(request, _("These figures are frozen. The address of this page will always show them."))
    return redirect(found)


@require_safe
@login_required
def frozen(request: PageRequest, token: UUID) -> HttpResponse:
    """Show a report as it was."""
    request.actor.require("report.see")
    found = FrozenReport.objects.visible_to(request.actor).select_related("frozen_by").filter(token=token).first()
    if found is None:
        raise NotFound("report.not_found", _("There is no frozen report here that you may see."))
    documents, language = found.documents, found.language or translation.get_language()
    with translation.override(language):
        charts = charts_of(documents)
    context = {
        "document": documents[0],
        "other": documents[1] if documents[1:] else None,
        "frozen": found,
        "language": language,
        "spoken": dict(settings.LANGUAGES).get(language) if language != translation.get_language() else None,
        "page": PAGES.get(found.report),
        "pairs": pairs_of(documents),
        "charts": charts,
        "zone": documents[0].filters.get("zone", ""),
        "now_url": page_url(found.report) + (f"?{found.query}" if found.query else ""),
    }
    return render(request, "cycles/frozen.html", context)


@require_safe
@login_required
def digest_page(request: PageRequest) -> HttpResponse:
    """Show what the weekly mail says, for which programmes one gets it, and a way to get it now."""
    request.actor.require("report.see")
    programmes = list(Programme.objects.visible_to(request.actor).order_by("name"))
    mine = set(DigestReader.objects.filter(user=request.actor.user_id).values_list("programme", flat=True))
    rows = [(one, one.pk in mine) for one in programmes]
    return render(request, "cycles/digest_page.html", {"rows": rows, "mails": bool(settings.EMAIL_URL)})


@require_POST
@login_required
def digest_set(request: PageRequest) -> HttpResponse:
    """Begin or end the weekly mail of a programme."""
    programme = _programme(request)
    wanted = request.POST.get("wanted") == "1"
    if wanted:
        _require_mail_server()
    read_digest(actor=request.actor, programme=programme, wanted=wanted)
    messages.success(request, _("You get the digest every Monday.") if wanted else _("You get the digest no more."))
    return redirect("cycles:digest")


@require_POST
@login_required
def digest_send(request: PageRequest) -> HttpResponse:
    """Send the digest to oneself now."""
    programme = _programme(request)
    require_person(request.actor, "report.see")
    reader = User.objects.get(pk=request.user.pk)
    _require_mail_server()
    if not reader.email:
        raise Invalid("digest.no_address", _("Your account has no e-mail address. Add one first."))
    try:
        digest.mail(reader, programme).send()
    except OSError as error:  # whatever smtplib raises is one
        said = _("The mail server did not take the mail to %(address)s. Check the address, or try again later.")
        raise Unavailable("digest.not_taken", said % {"address": reader.email}) from error
    messages.success(request, _("The digest is on its way to %(address)s.") % {"address": reader.email})
    return redirect("cycles:digest")


def _require_mail_server() -> None:
    """Raise Conflict `digest.no_mail_server` where nothing could be sent."""
    if not settings.EMAIL_URL:
        said = _("No mail server is set up here, so no mail is sent. The operator names one in EMAIL_URL.")
        raise Conflict("digest.no_mail_server", said)


def _programme(request: PageRequest) -> Programme:
    request.actor.require("report.see")
    slug = request.POST.get("programme", "")
    found = Programme.objects.visible_to(request.actor).filter(slug=slug).first()
    if found is None:
        said = _("There is no programme “%(slug)s” that you may see.") % {"slug": slug}
        raise Invalid("programme.unknown", said, field="programme")
    return found


def _asked(request: PageRequest) -> tuple[Page, ReportForm, QueryDict]:
    """Give the report that a form names by `report` and `query`; raises Invalid."""
    request.actor.require("report.save")
    shown = PAGES.get(request.POST.get("report", ""))
    if shown is None:
        raise Invalid("report.unknown", _("There is no such report."), field="report")
    query = QueryDict(request.POST.get("query", ""))
    form = form_of(shown, query, request.actor)
    if not form.is_valid():
        raise filter_invalid(form)
    return shown, form, query


def _programmes(actor: Actor, filters: Filters, beside: Filters | None = None) -> list[int]:
    """Give the programmes that a report, and what it is set beside, are about."""
    found = Programme.objects.visible_to(actor)
    slugs = {one.programme for one in (filters, beside) if one is not None}
    if all(slugs):
        found = found.filter(slug__in=slugs)
    return list(found.values_list("pk", flat=True))
