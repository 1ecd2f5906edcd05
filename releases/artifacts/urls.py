"""Addresses of this room's pages."""

from django.urls import path

from releases.artifacts import views, views_compatibility, views_keys

app_name = "artifacts"
_RELEASE = "releases/<slug:component>/<str:version>/"
_ARTIFACT = f"{_RELEASE}artifacts/<int:pk>/"
urlpatterns = [
    path(f"{_RELEASE}artifacts/", views.files, name="files"),
    path(f"{_RELEASE}artifacts/panel/", views.panel, name="panel"),
    path(f"{_RELEASE}artifacts/add/", views.add, name="add"),
    path(f"{_RELEASE}artifacts/seal/", views.seal, name="seal"),
    path(f"{_RELEASE}artifacts/sign/", views.sign, name="sign"),
    path(f"{_RELEASE}artifacts/sbom/", views.sbom, name="sbom"),
    path(f"{_ARTIFACT}remove/", views.remove, name="remove"),
    path(f"{_ARTIFACT}check/", views.check, name="check"),
    path(f"{_RELEASE}files/<str:name>", views.download, name="download"),
    path(f"{_RELEASE}compatibility/", views_compatibility.matrix, name="matrix"),
    path(f"{_RELEASE}compatibility/<int:pk>/<int:hardware>/", views_compatibility.pair, name="pair"),
    path("signing-keys/", views_keys.key_list, name="key_list"),
    path("signing-keys/add/", views_keys.key_add, name="key_add"),
    path("signing-keys/<int:pk>/", views_keys.key, name="key"),
    path("signing-keys/<int:pk>/confirm/", views_keys.confirm, name="key_confirm"),
    path("signing-keys/<int:pk>/revoke/", views_keys.revoke, name="key_revoke"),
]
