"""Tells OpenAPI how programs sign in."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # its metaclass is untyped
    """Tells OpenAPI of the bearer tokens."""

    target_class = "foundation.accounts.api_access.BearerAuthentication"
    name = "bearer"
    priority = 1

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Give the security scheme object."""
        return {"type": "http", "scheme": "bearer", "description": "A token made on the account page."}
