"""The language menu: for a visitor a cookie, for an account also what it remembers."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseBase
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as set_cookie

from foundation.accounts.actions.change_user import change_user
from foundation.accounts.middleware import PageRequest
from foundation.accounts.models import User


@login_not_required
@require_POST
def set_language(request: PageRequest) -> HttpResponseBase:
    """Speak another language from now on, and go back to the page."""
    response = set_cookie(request)
    language = request.POST.get("language", "")
    if language and isinstance(request.user, User):
        change_user(actor=request.actor, user=request.user, language=language)
    return response
