"""The addresses that load balancers and monitoring read: `/livez`, `/readyz`, `/metrics`. Plain text, no sign-in."""

import hmac

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import checks, metrics

TEXT = "text/plain; charset=utf-8"


@login_not_required
@require_safe
@never_cache
def livez(request: HttpRequest) -> HttpResponse:
    """Whether this process answers at all; looks at nothing else, so that a slow database restarts no web."""
    return HttpResponse("ok\n", content_type=TEXT)


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether requests can be served: 200, or 503 with a line for each thing that does not answer."""
    lines, status = [], 200
    for name, check in checks.CHECKS.items():
        try:
            check()
        except checks.NotReady as problem:
            status = 503
            # Where things are is no visitor's business; the log and `prepare` say it in full.
            lines.append(f"{name}: {problem if settings.EMBEDDED or settings.DEBUG else 'not ready'}")
        else:
            lines.append(f"{name}: ok")
    return HttpResponse("\n".join(lines) + "\n", content_type=TEXT, status=status)


@login_not_required
@require_safe
@never_cache
def show_metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus' text format. Needs `Authorization: Bearer <METRICS_TOKEN>`, except embedded without a token."""
    token = settings.METRICS_TOKEN
    given = request.headers.get("Authorization", "")
    if not (token or settings.EMBEDDED) or (
        token and not hmac.compare_digest(given.encode(), f"Bearer {token}".encode())
    ):
        return HttpResponse("Set METRICS_TOKEN and send it as a bearer token.\n", content_type=TEXT, status=401)
    return HttpResponse(metrics.text(), content_type="text/plain; version=0.0.4; charset=utf-8")
