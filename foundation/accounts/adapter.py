"""What allauth asks the house: nobody signs up by themself, and a new password goes through our action."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from foundation.accounts.actions.set_password import set_password
from foundation.accounts.actors import actor_of
from foundation.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by administrators only."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Tell allauth that the sign-up is closed."""
        return False

    def set_password(self, user: User, password: str) -> None:
        """Set the password that a person has chosen on one of allauth's pages; it has validated it."""
        set_password(actor=actor_of(user), user=user, password=password)


class SecondFactorAdapter(DefaultMFAAdapter):
    """How accounts are named in an authenticator app."""

    def get_totp_label(self, user: User) -> str:
        """Give the user name: an e-mail address is optional here."""
        return user.username
