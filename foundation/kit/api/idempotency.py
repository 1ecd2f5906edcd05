"""Asking twice does it once: a repeated `Idempotency-Key` or client UUID gets the stored answer."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from foundation.kit import clock
from foundation.kit.api.etag import etag_of
from foundation.kit.errors import Conflict, Invalid
from foundation.kit.models import IdempotentRequest

KEY: Final = re.compile(r"[A-Za-z0-9._:-]{1,200}")
_KEPT_HEADERS: Final = ("Location", "Content-Language")
# One that comes while the first is at work waits here for its end; then it finds the row, or may begin itself.
_BEGIN: Final = """
    INSERT INTO kit_idempotentrequest
        (user_id, method, path, key, fingerprint, created_at, status, headers, body)
    VALUES (%s, %s, %s, %s, %s, %s, 0, '{}', '')
    ON CONFLICT (user_id, method, path, key) DO NOTHING RETURNING id
"""
_END: Final = "UPDATE kit_idempotentrequest SET status = %s, headers = %s, body = %s WHERE id = %s"


def key_of(request: Request, uuid_field: str) -> str:
    """Give the key that the request is sent under, or "" where the client gave none."""
    given = request.headers.get("Idempotency-Key")
    if given is not None:
        if not KEY.fullmatch(given):
            raise Invalid(
                "idempotency.key_invalid",
                _("“%(key)s” is no Idempotency-Key: it has 1 to 200 of the characters A–Z, a–z, 0–9 and . _ : -")
                % {"key": given[:60]},
            )
        return f"key:{given}"
    data = request.data
    uuid = data.get(uuid_field) if uuid_field and hasattr(data, "get") else None
    return f"uuid:{uuid}" if isinstance(uuid, str) and KEY.fullmatch(uuid) else ""


def once(request: Request, key: str, handler: Callable[[], Response], render: Callable[[Any], bytes]) -> HttpResponse:
    """Give the handler's answer the first time, and that same answer every later time the key is used.

    The change and the stored answer are one transaction: a refusal stores nothing, and may be tried again.
    Raises Conflict when the key was used for another request.
    """
    path = f"{request.path}?{request.META['QUERY_STRING']}".rstrip("?")[:500]
    fingerprint = _fingerprint(request)
    name = {"user_id": request.user.pk, "method": request.method, "path": path, "key": key}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_BEGIN, [*name.values(), fingerprint, clock.now()])
        begun = cursor.fetchone()
        if begun is None:
            return _stored(IdempotentRequest.objects.get(**name), fingerprint)
        response = handler()
        body = render(response.data) if response.data is not None else b""
        headers = {header: response[header] for header in _KEPT_HEADERS if header in response}
        if body:
            headers["ETag"] = etag_of(body)
        cursor.execute(_END, [response.status_code, json.dumps(headers), body.decode(), *begun])
    return response


def _stored(row: IdempotentRequest, fingerprint: str) -> HttpResponse:
    if row.fingerprint != fingerprint:
        raise Conflict(
            "idempotency.key_reused",
            _("The key “%(key)s” was used before for another request. Use a new key for a new change.")
            % {"key": row.key.partition(":")[2]},
        )
    response = HttpResponse(row.body, status=row.status, content_type="application/json" if row.body else None)
    for header, value in row.headers.items():
        response[header] = value
    response["Idempotency-Replayed"] = "true"
    return response


def _fingerprint(request: Request) -> str:
    """Give a digest of what the body means (not of its spelling: a form's boundary differs each time)."""
    digest = hashlib.sha256()
    data = request.data
    items: Iterable[tuple[str, Any]] = sorted(data.lists()) if hasattr(data, "lists") else [("", [data])]
    for name, values in items:
        for value in values:
            digest.update(json.dumps(name).encode())
            if isinstance(value, UploadedFile):
                for chunk in value.chunks():
                    digest.update(chunk)
                value.seek(0)
            else:
                digest.update(json.dumps(value, sort_keys=True).encode())
    return digest.hexdigest()
