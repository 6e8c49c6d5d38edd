"""A provider of OpenID Connect on this machine, where everybody is whom the test says."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from tests.support.attacker import ask
from tests.support.browser import free_port, running_app

_CLIENT_ID, _CLIENT_SECRET = "humanpose", "no secret at all, of a test only"


@dataclass
class Provider:
    """Signs in ``person`` without asking."""

    address: str
    person: str = "nobody"
    key: Any = None
    codes: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Of a sign-in → who, and the nonce of the request."""

    def answer(self, path: str, query: dict[str, str]) -> dict[str, Any]:
        if path == "/.well-known/openid-configuration":
            return {
                "issuer": self.address,
                "authorization_endpoint": f"{self.address}/authorize",
                "token_endpoint": f"{self.address}/token",
                "jwks_uri": f"{self.address}/keys",
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        if path == "/keys":
            return {"keys": [self.key.as_dict(private=False)]}
        return {"access_token": "none", "token_type": "Bearer", "id_token": self._id(query)}

    def redirect(self, query: dict[str, str]) -> str:
        code = f"code{len(self.codes)}"
        self.codes[code] = self.person, query["nonce"]
        back = urlencode({"code": code, "state": query["state"]})
        return f"{query['redirect_uri']}?{back}"

    def _id(self, query: dict[str, str]) -> str:
        from joserfc import jwt

        person, nonce = self.codes.pop(query["code"])
        now = int(time.time())
        about = {"iss": self.address, "aud": _CLIENT_ID, "sub": person, "name": person}
        claims = about | {"nonce": nonce, "iat": now, "exp": now + 600}
        return str(jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key))


@contextmanager
def running_provider() -> Iterator[Provider]:
    from joserfc.jwk import RSAKey

    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    provider = Provider(f"http://127.0.0.1:{server.server_port}")
    provider.key = RSAKey.generate_key(2048, {"kid": "test"})
    server.provider = provider  # type: ignore[attr-defined]
    Thread(target=server.serve_forever, daemon=True).start()
    yield provider
    server.shutdown()
    server.server_close()


@contextmanager
def app_with_accounts(home: Path, provider: Provider) -> Iterator[str]:
    """The app, asking for an account there; yields its address."""
    port = free_port()
    secrets = {
        "redirect_uri": f"http://127.0.0.1:{port}/oauth2callback",
        "cookie_secret": "a secret of this test that is long enough to sign with",
        "client_id": _CLIENT_ID,
        "client_secret": _CLIENT_SECRET,
        "server_metadata_url": f"{provider.address}/.well-known/openid-configuration",
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in secrets.items()]
    file = home / "secrets.toml"
    file.write_text("\n".join(["[auth]", *lines]))
    with running_app(home, port=port, options=[f"--secrets.files={file}"]) as url:
        yield url


def sign_in(url: str, provider: Provider, who: str) -> str:
    """The way to the provider and back without a browser; the cookies at its end."""
    provider.person = who
    cookies: dict[str, str] = {}
    address = f"{url}/sign-in"
    while address:
        here, _, path = address.removeprefix("http://").partition("/")
        sent = "; ".join(f"{name}={value}" for name, value in cookies.items())
        _, headers, _ = ask(f"http://{here}", f"/{path}", Cookie=sent)
        for line in headers.get_all("Set-Cookie") or []:
            name, _, value = line.partition(";")[0].partition("=")
            cookies[name] = value
        address = urljoin(address, headers["Location"]) if headers["Location"] else ""
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._respond(urlsplit(self.path).query)

    def do_POST(self) -> None:
        self._respond(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def log_message(self, format: str, *args: object) -> None:
        """Nobody reads it."""

    def _respond(self, form: str) -> None:
        provider: Provider = self.server.provider  # type: ignore[attr-defined]
        path, query = urlsplit(self.path).path, {k: v[0] for k, v in parse_qs(form).items()}
        if path == "/authorize":
            self.send_response(302)
            self.send_header("Location", provider.redirect(query))
            self.end_headers()
            return
        content = json.dumps(provider.answer(path, query)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(content)
