"""Addresses of this room's pages."""

from django.urls import URLPattern, URLResolver, path

from foundation.accounts.views import devices, own_account, people, teams

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("account/settings/", own_account.settings, name="settings"),
    path("account/tokens/", own_account.tokens, name="tokens"),
    path("account/tokens/<int:pk>/revoke/", own_account.revoke, name="token_revoke"),
    path("devices/", devices.devices, name="devices"),
    path("devices/<slug:slug>/", devices.team_devices, name="team_devices"),
    path("devices/<slug:slug>/<int:pk>/revoke/", devices.revoke, name="device_revoke"),
    path("enrol/", devices.enrol, name="enrol"),
    path("people/", people.people, name="people"),
    path("add-person/", people.add_person, name="person_add"),
    path("people/<str:username>/", people.person, name="person"),
    path("people/<str:username>/deactivate/", people.deactivate, name="person_deactivate"),
    path("people/<str:username>/reactivate/", people.reactivate, name="person_reactivate"),
    path("people/<str:username>/password-link/", people.password_link, name="person_password_link"),
    path("people/<str:username>/memberships/", people.add_role, name="membership_add"),
    path("people/<str:username>/memberships/<int:pk>/remove/", people.remove_role, name="membership_remove"),
    path("teams/", teams.teams, name="teams"),
    path("add-team/", teams.new_team, name="team_add"),
    path("teams/<slug:slug>/", teams.team, name="team"),
]
