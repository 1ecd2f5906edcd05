"""The pages of a release's files: what there is, what is missing, and each step to a signed release."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from releases.artifacts import commands, queries
from releases.artifacts.actions.add_sbom import add_sbom
from releases.artifacts.actions.add_signature import add_signature
from releases.artifacts.actions.check_artifact import check_artifact
from releases.artifacts.actions.remove_artifact import remove_artifact
from releases.artifacts.actions.seal_manifest import seal_manifest
from releases.artifacts.api import send_named
from releases.artifacts.forms import AddFileForm, ReasonForm, SbomForm, SignatureForm
from releases.artifacts.intake import OPEN_STATES
from releases.artifacts.models import Artifact
from releases.models import Release
from releases.policies import STAFF
from releases.queries import release_of
from releases.requests import actor_of_request, done, values_of

VERBS = ("artifact.add", "artifact.remove", "artifact.check", "sbom.add", "manifest.seal", "signature.add")


def _release(request: HttpRequest, component: str, version: str) -> Release:
    return release_of(actor_of_request(request), component, version)


def _context(request: HttpRequest, release: Release) -> dict[str, Any]:
    """Give what the panel and the page both show."""
    actor = actor_of_request(request)
    programme = release.component.programme_id
    state = queries.signed_state(release)
    return {
        "release": release,
        "state": state,
        "artifacts": queries.artifacts_of(release),
        "channels": queries.next_channels(state),
        "is_open": release.state in OPEN_STATES,
        "may": {verb.replace(".", "_"): actor.may(verb, programme_id=programme) for verb in VERBS},
        "is_staff": programme in actor.programmes(*STAFF),
    }


@login_required
@require_safe
def panel(request: HttpRequest, component: str, version: str) -> HttpResponse:
    """Show a release's files and signatures (a panel of the release's page)."""
    return render(request, "artifacts/_panel.html", _context(request, _release(request, component, version)))


@login_required
@require_safe
def files(request: HttpRequest, component: str, version: str) -> HttpResponse:
    """Show the way to a signed release step by step."""
    release = _release(request, component, version)
    actor_of_request(request).require("key.see", programme_id=release.component.programme_id)
    return _files(request, release, SignatureForm())


def _files(request: HttpRequest, release: Release, form: SignatureForm, *, status: int = 200) -> HttpResponse:
    first = reverse("release-file", kwargs={"release_pk": release.pk, "name": "x"})
    address = request.build_absolute_uri(first.removesuffix("x"))  # pages know no tokens, the API does
    context = _context(request, release) | {
        "signature_form": form,
        "sbom_form": SbomForm(auto_id="sbom-%s"),
        "sbom": queries.uploaded_sbom(release),
        "keys": queries.keys_for(release),
        "pairs": queries.pairs_of(release),
        "canonical": queries.CANONICAL_FILES,
        **commands.signing(release, address),
    }
    return render(request, "artifacts/files.html", context, status=status)


@login_required
@require_safe
def add(request: HttpRequest, component: str, version: str) -> HttpResponse:
    """Show where a file is chosen and sent; the script of the page sends it to the API by tus."""
    release = _release(request, component, version)
    actor_of_request(request).require("artifact.add", programme_id=release.component.programme_id)
    address = request.build_absolute_uri(reverse("release-artifact-list", kwargs={"release_pk": release.pk}))
    context = {
        "release": release,
        "form": AddFileForm(release=release),
        "is_open": release.state in OPEN_STATES,
        "endpoint": reverse("release-upload-list", kwargs={"release_pk": release.pk}),
        "command": commands.sending(release, address),
    }
    return render(request, "artifacts/add.html", context)


@login_required
@require_safe
def download(request: HttpRequest, component: str, version: str, name: str) -> HttpResponseBase:
    """Send an artifact, manifest.json, SHA256SUMS, a signature or the bill of materials."""
    return send_named(request, actor_of_request(request), _release(request, component, version), name)


def _back(release: Release) -> HttpResponse:
    return redirect("artifacts:files", component=release.component.slug, version=release.version)


@login_required
@require_POST
def seal(request: HttpRequest, component: str, version: str) -> HttpResponse:
    """Seal the manifest."""
    release = _release(request, component, version)
    seal_manifest(actor=actor_of_request(request), release=release)
    messages.success(request, _("The manifest is sealed. Its SHA256SUMS can be signed now."))
    return _back(release)


@login_required
@require_POST
def sign(request: HttpRequest, component: str, version: str) -> HttpResponse:
    """Take a signature in."""
    release, actor = _release(request, component, version), actor_of_request(request)
    actor.require("signature.add", programme_id=release.component.programme_id)
    form = SignatureForm(request.POST, request.FILES)
    if form.is_valid():
        text = form.cleaned_data["text"]
        found = done(form, lambda: add_signature(actor=actor, release=release, text=text))
        if found is not None:
            messages.success(
                request, _("The signature of %(holder)s is in order.") % {"holder": found.key.holder.display_name}
            )
            return _back(release)
    return _files(request, release, form, status=422)


@login_required
@require_POST
def sbom(request: HttpRequest, component: str, version: str) -> HttpResponse:
    """Take a bill of materials in."""
    release, actor = _release(request, component, version), actor_of_request(request)
    actor.require("sbom.add", programme_id=release.component.programme_id)
    values = values_of(SbomForm(request.POST, request.FILES))
    found = add_sbom(actor=actor, release=release, content=values["file"].read())
    messages.success(
        request, _("The bill of materials with %(count)s components is kept.") % {"count": found.components_count}
    )
    return _back(release)


def _artifact(request: HttpRequest, component: str, version: str, pk: int) -> tuple[Release, Artifact]:
    release = _release(request, component, version)
    return release, queries.artifact_in(actor_of_request(request), release, pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, component: str, version: str, pk: int) -> HttpResponse:
    """Take a file off again."""
    (release, artifact), actor = _artifact(request, component, version, pk), actor_of_request(request)
    actor.require("artifact.remove", programme_id=release.component.programme_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        remove_artifact(actor=actor, artifact=artifact, reason=form.cleaned_data["reason"])
        messages.success(request, _("%(name)s is taken off.") % {"name": artifact.name})
        return _back(release)
    status = 422 if request.method == "POST" else 200
    return render(
        request, "artifacts/remove.html", {"release": release, "artifact": artifact, "form": form}, status=status
    )


@login_required
@require_POST
def check(request: HttpRequest, component: str, version: str, pk: int) -> HttpResponse:
    """Read every byte of a file again."""
    release, artifact = _artifact(request, component, version, pk)
    found = check_artifact(actor=actor_of_request(request), artifact=artifact)
    if found.blob.tampered_at is None:
        messages.success(request, _("Every byte of %(name)s is as it came in.") % {"name": found.name})
    else:
        messages.error(
            request,
            _("%(name)s was changed in the storage: %(why)s.") % {"name": found.name, "why": found.blob.tampered_why},
        )
    return _back(release)
