"""Errors as people see them: a page, a fragment for htmx, or problem+json below /api/."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from foundation.kit.errors import DomainError, NotFound
from foundation.kit.problems import Problem, is_api, json_response, of_error, of_status


class DomainErrorMiddleware:
    """Turns a refusal that leaves a view into the answer that its caller can read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a DomainError; leave every other exception to Django."""
        return answer(request, of_error(exception)) if isinstance(exception, DomainError) else None


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """Give the problem in the form the caller reads, with its status."""
    if is_api(request):
        return json_response(problem)
    # htmx swaps no error by itself: the page's script puts this fragment among the messages.
    fragment = bool(getattr(request, "htmx", False)) and not getattr(request.htmx, "boosted", False)  # type: ignore[attr-defined]  # set by django-htmx
    template = "kit/error_fragment.html" if fragment else "kit/error.html"
    context = {"problem": problem, "heading": _heading(problem.status)}
    content = render_to_string(template, context, request)
    response = HttpResponse(content, status=problem.status, headers=problem.headers)
    if fragment:
        response["HX-Retarget"] = "#messages"
        response["HX-Reswap"] = "beforeend"
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404: there is nothing here, or it may not be seen."""
    if isinstance(exception, NotFound):
        return answer(request, of_error(exception))
    return answer(request, of_status(404, _("There is nothing at this address, or you may not see it.")))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler403."""
    return answer(request, of_status(403, str(exception) or _("You may not do this.")))


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400; says nothing of the exception, which may repeat what an attacker sent."""
    problem = of_status(400, _("This request cannot be read."))
    return json_response(problem) if is_api(request) else _bare(problem)


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500: plain, because whatever it would render with may be what has failed."""
    problem = of_status(500, _("Something went wrong on our side. It has been logged; please try again in a moment."))
    return json_response(problem) if is_api(request) else _bare(problem)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that was sent without its token (CSRF_FAILURE_VIEW)."""
    detail = _("This form was opened too long ago or in another place. Go back, load the page anew and send it again.")
    return answer(request, of_status(403, detail, code="http.csrf_failed"))


def _bare(problem: Problem) -> HttpResponse:
    """Give a page that needs no request, session or database."""
    context = {"problem": problem, "heading": _heading(problem.status)}
    return HttpResponse(render_to_string("kit/error_bare.html", context), status=problem.status)


def _heading(status: HTTPStatus) -> str:
    headings = {
        HTTPStatus.NOT_FOUND: _("Not found"),
        HTTPStatus.FORBIDDEN: _("Not allowed"),
        HTTPStatus.CONFLICT: _("Not possible now"),
        HTTPStatus.PRECONDITION_FAILED: _("Not possible now"),
        HTTPStatus.TOO_MANY_REQUESTS: _("Too many at once"),
        HTTPStatus.SERVICE_UNAVAILABLE: _("Not available just now"),
        HTTPStatus.INTERNAL_SERVER_ERROR: _("Something went wrong"),
    }
    return headings.get(status, _("That did not work"))
