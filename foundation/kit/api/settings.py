"""How REST framework and drf-spectacular are set up: what is the same for every room, and no operator's choice."""

from typing import Any, Final

REST_FRAMEWORK: Final[dict[str, Any]] = {
    "DEFAULT_SCHEMA_CLASS": "foundation.kit.api.autoschema.Schema",
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "foundation.accounts.api_access.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["foundation.accounts.api_access.InScope"],
    "DEFAULT_RENDERER_CLASSES": ["foundation.kit.api.parsing.PlainJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["foundation.kit.api.parsing.StrictJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "foundation.kit.api.paging.CursorPages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_THROTTLE_CLASSES": [
        "foundation.kit.api.throttling.CallerThrottle",
        "foundation.kit.api.throttling.ScopeThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {"write": None, "upload": None, "export": None},
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "foundation.kit.api.problems.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR: Final[dict[str, Any]] = {
    "TITLE": "Fieldloop API",
    "DESCRIPTION": "The whole loop, from a fault seen at the front to firmware that is proven to fix it there.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "foundation.kit.api.schema.add_common",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {
        "deepLinking": True,
        "persistAuthorization": False,
        "docExpansion": "none",
        "defaultModelsExpandDepth": -1,
    },
}
