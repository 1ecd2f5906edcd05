"""Files in an object store (S3): read from where one asks, moved inside the store, and a store that is away is said so.

django-storages brings a whole object to this machine before it gives the first byte of it, and its errors are the
store's client's own. Loaded only where `STORAGE_URL` names a store.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import File
from django.utils.translation import gettext as _
from storages.backends.s3 import S3Storage
from storages.utils import clean_name

from foundation.kit.errors import Unavailable

log = logging.getLogger(__name__)
# A request that waits for the store holds a worker: rather an answer that it is away.
PATIENCE: Final = Config(connect_timeout=5, read_timeout=60, retries={"max_attempts": 3, "mode": "standard"})


@contextmanager
def _told() -> Iterator[None]:
    """Raise FileNotFoundError for what is not there, and Unavailable `storage.unavailable` for a store that fails."""
    try:
        yield
    except (BotoCoreError, Boto3Error, ClientError) as error:
        if isinstance(error, ClientError) and error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
            raise FileNotFoundError(str(error)) from error
        log.exception("The object store does not do what it is asked.")
        raise Unavailable(
            "storage.unavailable", _("The store in which files lie does not answer just now. Try again in a moment.")
        ) from error


class StoredObject(File):  # type: ignore[type-arg]  # the stubs know files of one kind only
    """An object, read as a stream from where one stands; nothing of it is held here."""

    def __init__(self, name: str, found: Any) -> None:
        super().__init__(None, name)
        self._object = found
        self.size = int(found.content_length)
        self._position = 0
        self._body: Any = None

    def read(self, size: int = -1) -> bytes:
        """Give `size` bytes from here on (all of the rest by default), fewer only at the end."""
        left = self.size - self._position if size < 0 else min(size, self.size - self._position)
        found = bytearray()
        with _told():
            if self._body is None and left > 0:
                self._body = self._object.get(Range=f"bytes={self._position}-")["Body"]
            while left > 0 and (part := self._body.read(left)):
                found += part
                left -= len(part)
        self._position += len(found)
        return bytes(found)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Stand elsewhere: what is read next is asked for from there."""
        begin = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size}[whence]
        if begin + offset != self._position:
            self._forget_body()
            self._position = begin + offset
        return self._position

    def tell(self) -> int:
        """Give the place of the next byte."""
        return self._position

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that one can stand anywhere in it."""
        return True

    def writable(self) -> bool:
        """Tell that objects are written as a whole only."""
        return False

    @property
    def closed(self) -> bool:
        """Tell that it can be read at any time: it holds nothing but its name."""
        return False

    def open(self, mode: str | None = None, *args: Any, **kwargs: Any) -> StoredObject:
        """Begin anew."""
        self.seek(0)
        return self

    def close(self) -> None:
        """Let the connection go."""
        self._forget_body()

    def _forget_body(self) -> None:
        body, self._body = self._body, None
        if body is not None:
            body.close()


class ObjectStorage(S3Storage):
    """An object store, of Amazon or of anybody else who speaks its protocol."""

    def get_default_settings(self) -> dict[str, Any]:
        """Give django-storages' own, but for how long one waits."""
        return {**super().get_default_settings(), "client_config": PATIENCE}

    def move(self, old: str, new: str) -> None:
        """Give an object another name, inside of the store: nothing passes through here."""
        source, target = (self._normalize_name(clean_name(name)) for name in (old, new))
        with _told():
            self.bucket.Object(target).copy({"Bucket": self.bucket_name, "Key": source})
            self.bucket.Object(source).delete()

    def _open(self, name: str, mode: str = "rb") -> Any:
        if mode != "rb":
            raise ValueError(f"An object is opened to be read ('rb'), and written with save(); not {mode!r}.")
        with _told():
            return StoredObject(name, self.bucket.Object(self._normalize_name(clean_name(name))))

    def _save(self, name: str, content: Any) -> str:
        with _told():
            return str(super()._save(name, content))

    def delete(self, name: str) -> None:
        """Remove an object; nothing happens where it is gone."""
        with _told():
            super().delete(name)

    def exists(self, name: str) -> bool:
        """Tell whether there is such an object."""
        with _told():
            return bool(super().exists(name))

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        """Give the names right below this one: those with more below them, and objects."""
        with _told():
            folders, names = super().listdir(name)
        return folders, names

    def size(self, name: str) -> int:
        """Give how many bytes it has; raises FileNotFoundError."""
        with _told():
            return int(super().size(name))

    def get_modified_time(self, name: str) -> datetime:
        """Give when it was stored; raises FileNotFoundError."""
        with _told():
            found: datetime = super().get_modified_time(name)
        return found
