"""Addresses of allauth, without those by which an e-mail address would be changed past our actions."""

from typing import Final

from allauth.account.urls import urlpatterns as allauth_patterns
from django.urls import URLPattern, URLResolver, include, path

from foundation.accounts.views import sign_in

# Ours, or of no use without confirmation mails and sign-in codes.
_LEFT_OUT: Final = {
    "account_email",
    "account_email_verification_sent",
    "account_confirm_email",
    "account_confirm_login_code",
    "account_reset_password",
}

urlpatterns: list[URLPattern | URLResolver] = [
    *[pattern for pattern in allauth_patterns if pattern.name not in _LEFT_OUT],
    path("password/reset/", sign_in.forgotten, name="account_reset_password"),
    path("email/", sign_in.email, name="account_email"),
    path("2fa/", include("allauth.mfa.urls")),
]
