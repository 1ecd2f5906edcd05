"""Small helps of the page tests."""

from typing import Any

from django.test import Client


def says(response: Any) -> str:
    """Give the page's text, decoded."""
    return str(response.content.decode())


def posted(client: Client, url: str, **data: Any) -> Any:
    """Give the answer after the redirect that follows a form."""
    return client.post(url, data, follow=True)
