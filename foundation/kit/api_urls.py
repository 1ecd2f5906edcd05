"""The description of the API, for programs and for people."""

from django.urls import path
from drf_spectacular.views import SpectacularSwaggerSplitView

from foundation.kit.api.description import DescriptionView

urlpatterns = [
    path("schema/", DescriptionView.as_view(), name="api_schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api_schema"), name="api_docs"),
]
