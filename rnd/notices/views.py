"""The pages of webhooks and notices: each parses, calls one action or query, and renders."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.accounts.middleware import PageRequest
from foundation.kit.errors import NotFound
from foundation.kit.paging import page_of
from rnd.notices import queries
from rnd.notices.actions.add_webhook import add_webhook
from rnd.notices.actions.change_webhook import change_webhook
from rnd.notices.actions.disable_webhook import disable_webhook
from rnd.notices.actions.enable_webhook import enable_webhook
from rnd.notices.actions.read_notices import read_notices
from rnd.notices.actions.resend_delivery import resend_delivery
from rnd.notices.actions.rotate_key import rotate_key
from rnd.notices.actions.send_trial import send_trial
from rnd.notices.forms import AddWebhookForm, ChangeWebhookForm
from rnd.notices.models import Delivery, Webhook


@require_safe
def webhook_list(request: PageRequest) -> HttpResponse:
    """List the webhooks one keeps."""
    request.actor.require("webhook.see")
    return render(request, "notices/webhook_list.html", {"rows": queries.webhooks(request.actor)})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def webhook_add(request: PageRequest) -> HttpResponse:
    """Add a webhook; its key is in this one answer and nowhere else."""
    actor = request.actor
    actor.require("webhook.add")
    form = AddWebhookForm(request.POST or None, actor=actor)
    if request.method == "POST" and form.is_valid():
        made = form.attempt(add_webhook, actor=actor, **form.cleaned_data)
        if made is not None:
            return _page(request, made.webhook, key=made.key)
    return render(request, "notices/webhook_add.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def webhook(request: PageRequest, pk: int) -> HttpResponse:
    """Show one webhook with what was sent to it, and change it."""
    found = queries.webhook_by_id(request.actor, pk)
    if request.method != "POST":
        return _page(request, found)
    form = ChangeWebhookForm(request.POST)
    if form.is_valid():
        changed = form.attempt(change_webhook, actor=request.actor, webhook=found, **form.cleaned_data)
        if changed is not None:
            messages.success(request, _("%(name)s is saved.") % {"name": changed.name})
            return redirect(changed)
    return _page(request, found, form=form)


def _page(
    request: PageRequest, found: Webhook, *, form: ChangeWebhookForm | None = None, key: str = ""
) -> HttpResponse:
    state = request.GET.get("state", "")
    form = form or ChangeWebhookForm(initial={"name": found.name, "url": found.url, "kinds": found.kinds})
    context = {
        "webhook": found,
        "form": form,
        "key": key,
        "page": page_of(queries.deliveries(found, state=state), request, size=25),
        "state": state,
        "states": Delivery.State.choices,
    }
    return render(request, "notices/webhook.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
def webhook_rotate(request: PageRequest, pk: int) -> HttpResponse:
    """Make a new key, which is in this one answer and nowhere else."""
    found = queries.webhook_by_id(request.actor, pk)
    return _page(request, found, key=rotate_key(actor=request.actor, webhook=found))


@require_POST
def webhook_disable(request: PageRequest, pk: int) -> HttpResponse:
    """Turn it off."""
    found = queries.webhook_by_id(request.actor, pk)
    disable_webhook(actor=request.actor, webhook=found, reason=request.POST.get("reason", ""))
    return redirect(found)


@require_POST
def webhook_enable(request: PageRequest, pk: int) -> HttpResponse:
    """Turn it on."""
    found = queries.webhook_by_id(request.actor, pk)
    enable_webhook(actor=request.actor, webhook=found)
    return redirect(found)


@require_POST
def webhook_trial(request: PageRequest, pk: int) -> HttpResponse:
    """Send a trial message."""
    found = queries.webhook_by_id(request.actor, pk)
    send_trial(actor=request.actor, webhook=found)
    messages.success(request, _("A trial message is on its way. Look at this page again in a few seconds."))
    return redirect(found)


@require_POST
def delivery_resend(request: PageRequest, pk: int, delivery_pk: int) -> HttpResponse:
    """Send one message again."""
    found = queries.webhook_by_id(request.actor, pk)
    delivery = found.deliveries.filter(pk=delivery_pk).first()
    if delivery is None:
        raise NotFound("webhook.delivery_not_found", _("This webhook has no such message."))
    resend_delivery(actor=request.actor, delivery=delivery)
    messages.success(request, _("%(message)s is on its way again.") % {"message": delivery.message})
    return redirect(found)


@require_safe
def notice_list(request: PageRequest) -> HttpResponse:
    """Show what one was told, the newest first."""
    page = page_of(queries.notices(request.actor), request, size=50)
    context = {"page": page, "rows": queries.with_sentences(page.rows), "unread": queries.unread_count(request.actor)}
    return render(request, "notices/notice_list.html", context)


@require_POST
def notices_read(request: PageRequest) -> HttpResponse:
    """Mark all notices as read, or the one named, and go where it leads."""
    chosen = request.POST.get("notice", "")
    read_notices(actor=request.actor, notice_id=int(chosen) if chosen.isascii() and chosen.isdigit() else None)
    there = request.POST.get("next", "")
    if there and url_has_allowed_host_and_scheme(there, allowed_hosts=None):
        return redirect(there)
    return redirect("notices:notice_list")
