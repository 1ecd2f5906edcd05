"""Rows of what libraries bring along: signing in, one's own account, and the description of the API.

The cast has no passwords, second factors or pending confirmations, and gets the answers of people without them.
"""

from tests.house.rights import NOBODY, PASSES, Cast, Row, public

BOTH = ("GET", "POST")


def _own_account(route: str, *methods: str, answer: int = PASSES) -> list[Row]:
    """Give the rows of a page about oneself: every role gets the same."""
    may = {} if answer == PASSES else {"may": NOBODY, "others": answer}
    return [Row(route, method, foreign=answer, **may) for method in methods or BOTH]  # type: ignore[arg-type]  # as Row has them


def _reset(cast: Cast) -> dict[str, object]:
    return {"uidb36": "1", "key": "unknown"}


ROWS = [
    public("api_schema"),
    public("api_docs"),
    public("set_language", "POST", data=lambda cast: {"language": "uk"}),
    *[public("account_login", method) for method in BOTH],
    # Who is signed out stands before the sign-in page.
    Row("account_logout", anonymous=302),
    Row("account_logout", "POST", may=NOBODY, others=302, foreign=302),
    public("account_inactive"),
    *[public("account_signup", method) for method in BOTH],
    *[public("account_reset_password", method) for method in BOTH],
    public("account_reset_password_done"),
    public("account_reset_password_from_key_done"),
    *[public("account_reset_password_from_key", method, kwargs=_reset) for method in BOTH],
    # Nothing is pending for anybody here: it leads on.
    *_own_account("mfa_authenticate"),
    # Leads to the settings.
    Row("account_email"),
    *_own_account("account_reauthenticate", answer=403),
    *_own_account("account_change_password"),
    *_own_account("account_set_password"),
    *_own_account("mfa_index", "GET"),
    *_own_account("mfa_reauthenticate", answer=403),
    *_own_account("mfa_activate_totp"),
    *_own_account("mfa_deactivate_totp", answer=404),
    *_own_account("mfa_view_recovery_codes", "GET", answer=404),
    *_own_account("mfa_generate_recovery_codes"),
    *_own_account("mfa_download_recovery_codes", "GET", answer=404),
]
