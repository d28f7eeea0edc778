"""The server as a process: it says what is wrong, listens on loopback, and dies with its parent."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa

from aftersales.errors import AftersalesError
from aftersales.serving.server import ServerHandle, start_server

from .support import SECRET, ask
from .test_tokens import claims

QUESTION = {"measures": ["store_performance.revenue"]}
PARENT = """
import sys, time
from pathlib import Path
from aftersales.serving.server import start_server
handle = start_server(
    Path(sys.argv[1]), 0, sys.argv[2], semantic_dir=Path(sys.argv[3]), is_version_needed=False
)
print(handle.pid, flush=True)
time.sleep(120)
"""


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").split(")")[1][:3]


def test_the_server_dies_with_its_parent(tmp_path: Path, installed_dir: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path), SECRET, str(installed_dir)],
        stdout=subprocess.PIPE,
        text=True,
    ) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert is_alive(pid)
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
    deadline = time.monotonic() + 10
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not is_alive(pid)


@pytest.mark.parametrize(
    ("environment", "message"),
    [
        ({"AFTERSALES_API_SECRET": ""}, "AFTERSALES_API_SECRET is not set"),
        ({"AFTERSALES_API_SECRET": "short"}, "shorter than 32 bytes"),
        ({"AFTERSALES_CONNECTIONS": "0"}, "AFTERSALES_CONNECTIONS must be a whole number"),
        ({"AFTERSALES_HOME": ""}, "AFTERSALES_HOME is not set"),
    ],
)
def test_a_wrong_setting_is_said(
    tmp_path: Path, semantic_dir: Path, environment: dict[str, str], message: str
) -> None:
    with pytest.raises(AftersalesError, match=message):
        start_server(tmp_path, 0, SECRET, semantic_dir=semantic_dir, environment=environment)


def test_a_taken_port_is_said(server: ServerHandle, tmp_path: Path, installed_dir: Path) -> None:
    port = int(server.root.rsplit(":", 1)[1])
    with pytest.raises(AftersalesError, match=r"(?s)did not start.*EADDRINUSE"):
        start_server(tmp_path, port, SECRET, semantic_dir=installed_dir)


def test_the_server_listens_on_loopback_only(server: ServerHandle) -> None:
    assert server.root.startswith("http://127.0.0.1:")
    port = int(server.root.rsplit(":", 1)[1])
    listeners = [
        line.split()[1]
        for name in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{name}").read_text(encoding="ascii").splitlines()[1:]
        if line.split()[1].endswith(f":{port:04X}") and line.split()[3] == "0A"
    ]
    assert [address.split(":")[0] for address in listeners] == ["0100007F"]


@pytest.fixture
def provider() -> Iterator[tuple[str, rsa.RSAPrivateKey]]:
    """An identity provider that publishes one key."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    published = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    document = json.dumps({"keys": [{**published, "kid": "k1", "use": "sig"}]}).encode()

    class Keys(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(document)

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    site = ThreadingHTTPServer(("127.0.0.1", 0), Keys)
    Thread(target=site.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{site.server_port}/jwks.json", key
    site.shutdown()
    site.server_close()


def test_tokens_of_an_identity_provider(
    provider: tuple[str, rsa.RSAPrivateKey], sample_home: Path, installed_dir: Path
) -> None:
    url, key = provider
    environment = {
        "AFTERSALES_JWKS_URL": url,
        "AFTERSALES_JWT_ISSUER": "https://login.example",
        "AFTERSALES_JWT_AUDIENCE": "aftersales",
        "AFTERSALES_JWT_NAMESPACE": "https://aftersales.example/claims",
    }
    own = {"https://aftersales.example/claims": {"role": "store_manager", "stores": ["S002"]}}
    good = {**claims(role=None), "iss": "https://login.example", "aud": "aftersales", **own}
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public_pem = json.dumps({"kid": "k1"})
    with start_server(
        sample_home, 0, None, semantic_dir=installed_dir, environment=environment
    ) as handle:

        def status(payload: dict[str, object], signer: rsa.RSAPrivateKey, kid: str = "k1") -> int:
            bearer = jwt.encode(payload, signer, algorithm="RS256", headers={"kid": kid})
            return ask(handle, QUESTION, bearer).status

        assert status(good, key) == requests.codes.ok
        assert status({**good, "iss": "https://other.example"}, key) == requests.codes.forbidden
        assert status({**good, "aud": "other"}, key) == requests.codes.forbidden
        assert status({**good, "exp": 2}, key) == requests.codes.forbidden
        assert status(claims(iss=good["iss"], aud="aftersales", role=None), key) == 403
        assert status(good, stranger) == requests.codes.forbidden
        assert status(good, key, "k2") == requests.codes.forbidden
        # A shared secret is not configured here: nothing signed with one may pass.
        for secret in ("", public_pem.ljust(64), SECRET):
            forged = jwt.encode(good, secret.ljust(40), algorithm="HS256", headers={"kid": "k1"})
            assert ask(handle, QUESTION, forged).status == requests.codes.forbidden
