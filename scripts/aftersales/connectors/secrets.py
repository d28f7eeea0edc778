"""Credentials: read from the environment, and kept out of everything that is written."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, quote_plus, unquote, urlsplit

from aftersales.connectors.spec import Connector
from aftersales.errors import AftersalesError

_HIDDEN = "***"
_SECRET_KEYS = ("password_env", "token_env", "url_env")


class SourceError(Exception):
    """A source that cannot be read now; the text has no credential in it."""


class Secrets:
    """The values that a connector names by environment variable."""

    def __init__(self, connector: Connector) -> None:
        """Remember whose they are; nothing is read before it is needed."""
        self._connector = connector

    def value(self, key: str) -> str | None:
        """The value of `host`, `user` and so on: from its variable, or as written."""
        connection = self._connector.connection
        variable = connection.get(f"{key}_env")
        if variable is None:
            written = connection.get(key)
            return None if written is None else str(written)
        found = os.environ.get(str(variable))
        if not found:
            raise AftersalesError(
                f"{self._connector.path}: connection.{key}_env: the environment variable "
                f"{variable} is not set: export it before the command."
            )
        return found

    def redact(self, text: str) -> str:
        """The text without any secret value, as written, quoted or encoded."""
        for secret in sorted(self._secret_values(), key=len, reverse=True):
            for form in (secret, secret.replace("'", "''"), quote(secret, ""), quote_plus(secret)):
                text = text.replace(form, _HIDDEN)
        return text

    def _secret_values(self) -> set[str]:
        values = set()
        for key in _SECRET_KEYS:
            variable = self._connector.connection.get(key)
            secret = os.environ.get(str(variable)) if variable else None
            if not secret:
                continue
            if key == "url_env":
                parts = urlsplit(secret)
                values |= {part for part in (parts.password, parts.query, parts.username) if part}
                values |= {unquote(part) for part in (parts.password, parts.username) if part}
            else:
                values.add(secret)
        return values

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Turn errors of libraries, which may quote a connection, into ones that do not.

        The original error is not chained: its text would stand in a traceback.
        """
        try:
            yield
        except (AftersalesError, SourceError):
            raise
        except Exception as error:
            reason = self.redact(" ".join(str(error).split())) or type(error).__name__
        else:
            return
        raise SourceError(reason)
