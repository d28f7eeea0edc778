"""Tokens of the API: who asks, and for which stores and regions."""

import os
import secrets
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import jwt

from aftersales.errors import AftersalesError
from aftersales.files import write_text

SECRET_VARIABLE = "AFTERSALES_API_SECRET"
ROLES = ("hq", "region_manager", "store_manager", "steward", "engineer")
DEFAULT_LIFETIME_SECONDS = 8 * 3600
_MINIMUM_SECRET_BYTES = 32
_ALGORITHM = "HS256"


def make_token(
    secret: str,
    role: str,
    stores: Sequence[str] = (),
    regions: Sequence[str] = (),
    ttl: int = DEFAULT_LIFETIME_SECONDS,
    *,
    subject: str | None = None,
) -> str:
    """Sign a token for a role; managers need the stores or regions they answer for."""
    if role not in ROLES:
        raise AftersalesError(f"There is no role '{role}': use one of {', '.join(ROLES)}.")
    if role == "store_manager" and not stores:
        raise AftersalesError("A store manager's token needs at least one store: give --store.")
    if role == "region_manager" and not regions:
        raise AftersalesError("A region manager's token needs at least one region: give --region.")
    if ttl < 1:
        raise AftersalesError(f"A token must live at least one second, not {ttl}.")
    now = int(time.time())
    claims: dict[str, Any] = {
        "role": role,
        "stores": list(stores),
        "regions": list(regions),
        "iat": now,
        "exp": now + ttl,
    }
    if subject:
        claims["sub"] = subject
    return jwt.encode(claims, _checked(secret), algorithm=_ALGORITHM)


def secret_of(home: Path) -> str:
    """Return the signing secret: from the environment, else one made once and kept in the home."""
    configured = os.environ.get(SECRET_VARIABLE)
    if configured:
        return _checked(configured)
    path = home / "api_secret"
    if not path.is_file():
        write_text(path, secrets.token_hex(32) + "\n", mode=0o600)
    return _checked(path.read_text(encoding="ascii").strip())


def _checked(secret: str) -> str:
    if len(secret.encode()) < _MINIMUM_SECRET_BYTES:
        raise AftersalesError(
            f"The signing secret is shorter than {_MINIMUM_SECRET_BYTES} bytes: set "
            f"{SECRET_VARIABLE} to a longer random text."
        )
    return secret
