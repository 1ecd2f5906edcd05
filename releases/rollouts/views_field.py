"""What runs where: adoption over time, and many installations at once from a file."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from foundation.accounts.middleware import PageRequest
from foundation.kit.errors import NotFound
from foundation.kit.tables import csv_response
from releases.requests import values_of
from releases.rollouts.actions.take_batch import take_batch
from releases.rollouts.adoption_queries import WEEKS, Adoption, adoption, components_with_installations
from releases.rollouts.batches import HEAD, read_csv, write_csv
from releases.rollouts.forms import UploadForm


@require_safe
@login_required
def adoption_page(request: PageRequest) -> HttpResponseBase:
    """Show which versions of `?component=` run, over `?weeks=`; `?format=csv` gives what each team runs now."""
    actor = request.actor
    actor.require("adoption.see")
    components = components_with_installations(actor)
    slug = request.GET.get("component", "")
    chosen = next((one for one in components if one.slug == slug), None if slug else next(iter(components), None))
    if chosen is None and slug:
        raise NotFound(
            "component.nothing_installed",
            _("Nothing of “%(slug)s” is installed that you may see.") % {"slug": slug[:60]},
        )
    weeks = WEEKS.get(request.GET.get("weeks", ""), 26)
    found = adoption(actor, chosen, weeks=weeks) if chosen else None
    if found is not None and request.GET.get("format") == "csv":
        return _running_csv(found)
    context = {"adoption": found, "components": components, "weeks": weeks, "choices": WEEKS.values()}
    return render(request, "rollouts/adoption.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def upload(request: PageRequest) -> HttpResponse:
    """Report many installations from a CSV file or text; what is refused is given back, line by line."""
    actor = request.actor
    actor.require("installation.report")
    form = UploadForm()
    context: dict[str, object] = {"head": HEAD}
    status = 200
    if request.method == "POST":
        values = values_of(UploadForm(request.POST, request.FILES))
        results = take_batch(actor=actor, rows=read_csv(values["text"]))
        refused = [result for result in results if result.error]
        taken = [result for result in results if result.installation]
        if taken:
            said = ngettext("%(count)s installation is noted.", "%(count)s installations are noted.", len(taken))
            messages.success(request, said % {"count": len(taken)})
        if not refused:
            return redirect("releases:installation_list")
        status = 422
        form = UploadForm(initial={"lines": write_csv([result.row for result in refused])})
        context |= {"refused": refused, "taken": len(taken)}
    return render(request, "rollouts/upload.html", context | {"form": form}, status=status)


def _running_csv(found: Adoption) -> HttpResponseBase:
    head = [_("Team"), _("Hardware"), _("Component"), _("Version"), _("Since"), _("Withdrawn")]
    rows = (
        [row.team.name, str(row.hardware), row.release.component.name, row.release.version,
         row.installed_at.isoformat(), _("yes") if row.release.state == "withdrawn" else ""]
        for row in found.running
    )  # fmt: skip
    return csv_response(f"adoption-{found.component.slug}", head, rows)
