"""Which room answers which address."""

from django.urls import include, path

from foundation.accounts.views.language import set_language

urlpatterns = [
    # First what a prefix keeps apart: no page waits for it, and no program for all the pages' patterns.
    path("api/v1/", include("foundation.accounts.api_urls")),
    path("api/v1/", include("foundation.catalogue.api_urls")),
    path("api/v1/", include("foundation.journal.api_urls")),
    path("api/v1/", include("releases.api_urls")),
    path("api/v1/", include("releases.artifacts.api_urls")),
    path("api/v1/", include("releases.rollouts.api_urls")),
    path("api/v1/", include("releases.bundles.api_urls")),
    path("api/v1/", include("frontline_feedback.api_urls")),
    path("api/v1/", include("rnd.engineering.api_urls")),
    path("api/v1/", include("rnd.cycles.api_urls")),
    path("api/v1/", include("rnd.loop.api_urls")),
    path("api/", include("foundation.kit.api_urls")),
    path("reports/", include("rnd.cycles.urls")),
    path("", include("foundation.kit.urls")),
    path("", include("foundation.accounts.urls")),
    path("", include("foundation.catalogue.urls")),
    path("", include("foundation.embedded.urls")),
    path("", include("foundation.journal.urls")),
    path("", include("releases.rollouts.urls")),
    path("", include("releases.bundles.urls")),
    path("", include("releases.urls")),
    path("", include("releases.artifacts.urls")),
    path("", include("releases.hooks.urls")),
    path("", include("frontline_feedback.urls")),
    path("", include("rnd.engineering.urls")),
    path("", include("rnd.loop.urls")),
    path("", include("rnd.notices.urls")),
    path("language/", set_language, name="set_language"),
    path("account/", include("foundation.accounts.sign_in_urls")),
]

handler400 = "foundation.kit.error_pages.bad_request"
handler403 = "foundation.kit.error_pages.forbidden"
handler404 = "foundation.kit.error_pages.not_found"
handler500 = "foundation.kit.error_pages.server_error"
