"""Rows of what libraries bring along: signing in, one's own account, and the description of the API."""

from tests.house.rights import PASSES, Cast, Row, public


def _signed_in_or_out(route: str, *methods: str) -> list[Row]:
    return [public(route, method) for method in methods or ("GET", "POST")]


def _own_account(route: str, *methods: str) -> list[Row]:
    return [Row(route, method, foreign=PASSES) for method in methods or ("GET", "POST")]


def _confirmation(cast: Cast) -> dict[str, object]:
    return {"key": "unknown"}


def _reset(cast: Cast) -> dict[str, object]:
    return {"uidb36": "1", "key": "unknown"}


ROWS = [
    public("api_schema"),
    public("api_docs"),
    *_signed_in_or_out("account_login"),
    *_signed_in_or_out("account_logout"),
    *_signed_in_or_out("account_inactive", "GET"),
    *_signed_in_or_out("account_signup"),
    *_signed_in_or_out("account_reset_password"),
    *_signed_in_or_out("account_reset_password_done", "GET"),
    *_signed_in_or_out("account_reset_password_from_key_done", "GET"),
    *[public("account_reset_password_from_key", method, kwargs=_reset) for method in ("GET", "POST")],
    *_own_account("account_reauthenticate"),
    *_own_account("account_email"),
    *_own_account("account_change_password"),
    *_own_account("account_set_password"),
    *_own_account("mfa_index", "GET"),
    *_own_account("mfa_reauthenticate"),
    *_own_account("mfa_activate_totp"),
    *_own_account("mfa_deactivate_totp"),
    *_own_account("mfa_view_recovery_codes", "GET"),
    *_own_account("mfa_generate_recovery_codes"),
    *_own_account("mfa_download_recovery_codes", "GET"),
]
