"""`/attachments/7`: a photo or a log of a ticket that one may see, always as a download."""

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation.accounts.middleware import PageRequest
from foundation.kit.errors import NotFound
from frontline_feedback.models import Attachment


@require_safe
@login_required
def attachment(request: PageRequest, pk: int) -> HttpResponseBase:
    """Send the file. What is in it never changes, so that browsers may keep it."""
    found = Attachment.objects.visible_to(request.actor).filter(pk=pk).first()
    if found is None:
        raise NotFound("attachment.not_found", _("There is no attachment %(pk)s that you may see.") % {"pk": pk})
    # FileResponse closes the file.
    response = FileResponse(
        found.file.open("rb"), as_attachment=True, filename=found.name, content_type=found.content_type
    )
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
