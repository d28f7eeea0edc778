"""Who may ask at all: every token that is not exactly right gets 403 and no data."""

import base64
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa

from aftersales.errors import AftersalesError
from aftersales.serving.server import ServerHandle
from aftersales.serving.tokens import ROLES, make_token

from .support import SECRET, TOKENS, ask

QUESTION = {"measures": ["store_performance.revenue"]}
OTHER_SECRET = "another-secret-of-the-same-length-012345"


def claims(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    merged = {"role": "hq", "iat": now, "exp": now + 600, **changes}
    return {name: value for name, value in merged.items() if value is not None}


def signed(**changes: Any) -> str:
    return jwt.encode(claims(**changes), SECRET, algorithm="HS256")


def unsigned() -> str:
    def part(content: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims())}."


def with_changed_payload() -> str:
    header, _, signature = signed(role="store_manager", stores=["S001"]).split(".")
    payload = base64.urlsafe_b64encode(json.dumps(claims()).encode()).rstrip(b"=").decode()
    return f"{header}.{payload}.{signature}"


def by_private_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return jwt.encode(claims(), key, algorithm="RS256", headers={"kid": "k1"})


REFUSED: dict[str, Callable[[], str | None]] = {
    "no token": lambda: None,
    "empty": lambda: "",
    "not a token": lambda: "hello",
    "alg none": unsigned,
    "wrong secret": lambda: jwt.encode(claims(), OTHER_SECRET, algorithm="HS256"),
    "other algorithm": lambda: jwt.encode(claims(), SECRET, algorithm="HS512"),
    "signed with a private key": by_private_key,
    "payload changed": with_changed_payload,
    "expired": lambda: signed(iat=1, exp=2),
    "no exp": lambda: signed(exp=None),
    "no iat": lambda: signed(iat=None),
    "made in the future": lambda: signed(iat=int(time.time()) + 3600),
    "not valid yet": lambda: signed(nbf=int(time.time()) + 3600),
    "no role": lambda: signed(role=None),
    "unknown role": lambda: signed(role="admin"),
    "list of roles": lambda: signed(role=["hq"]),
    "region manager without regions": lambda: signed(role="region_manager"),
    "region manager with an empty list": lambda: signed(role="region_manager", regions=[]),
    "store manager without stores": lambda: signed(role="store_manager"),
    "stores not a list": lambda: signed(role="store_manager", stores="S001"),
    "stores not texts": lambda: signed(role="store_manager", stores=[{"or": 1}]),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_a_bad_token_gets_nothing(server: ServerHandle, kind: str) -> None:
    for path in ("load", "sql", "dry-run"):
        reply = ask(server, QUESTION, REFUSED[kind](), path)
        assert reply.status == requests.codes.forbidden, reply
        assert set(reply.body) == {"error"}
    for url in (f"{server.url}/v1/meta", f"{server.url}/graphql"):
        bearer = REFUSED[kind]()
        headers = {} if bearer is None else {"Authorization": f"Bearer {bearer}"}
        assert requests.get(url, headers=headers, timeout=30).status_code == 403


def test_the_old_claim_u_gives_no_role(server: ServerHandle) -> None:
    reply = ask(
        server,
        {**QUESTION, "dimensions": ["store_performance.store_key"]},
        signed(role="store_manager", stores=["S001"], u={"role": "hq", "stores": ["S002"]}),
    )
    assert reply.column("store_performance.store_key") == ["S001"]


def test_every_role_can_ask(server: ServerHandle) -> None:
    assert set(TOKENS) == set(ROLES)
    for bearer in TOKENS.values():
        assert ask(server, QUESTION, bearer).status == requests.codes.ok


def test_tokens_never_reach_the_log(server: ServerHandle) -> None:
    for make in REFUSED.values():
        ask(server, QUESTION, make())
    written = server.log.read_text(encoding="utf-8")
    assert "eyJ" not in written
    assert SECRET not in written


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"role": "admin"}, "no role 'admin'"),
        ({"role": "store_manager"}, "at least one store"),
        ({"role": "region_manager"}, "at least one region"),
        ({"role": "hq", "ttl": 0}, "at least one second"),
    ],
)
def test_a_useless_token_is_not_made(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(AftersalesError, match=message):
        make_token(SECRET, **arguments)


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(AftersalesError, match="shorter than 32 bytes"):
        make_token("short", "hq")
