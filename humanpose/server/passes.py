"""Passes: what a browser shows to be let in, signed with a secret of this server.

Nothing is kept of them: a pass ends by its age, and all end with the password or the secret.
"""

import hashlib
import secrets
from pathlib import Path

from itsdangerous import BadSignature, TimestampSigner

from humanpose.runtime.replace import replaced
from humanpose.server.space import home, writable_home

LIFETIME_S = 24 * 3600
_SECRET_BYTES = 64


def issue_pass(password: str) -> str:
    """A new pass for who gave the password.

    Raises:
        OutputError: the secret cannot be written.
    """
    return _signer(password).sign(secrets.token_urlsafe(16)).decode()


def is_valid(shown: str, password: str) -> bool:
    """Whether it is a pass of this server, for this password, and not too old."""
    try:
        _signer(password).unsign(shown, max_age=LIFETIME_S)
    except BadSignature:
        return False
    return True


def _signer(password: str) -> TimestampSigner:
    key = _secret() + hashlib.sha256(password.encode()).digest()
    return TimestampSigner(key, salt="humanpose pass", digest_method=hashlib.sha256)


def _secret() -> bytes:
    """Made once; only the app's own user may read it."""
    place = home() / "secret"
    if not place.is_file():
        with writable_home():
            _write_once(place)
    return place.read_bytes()


def _write_once(place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    with replaced(place) as draft:
        draft.touch(mode=0o600)
        draft.write_bytes(secrets.token_bytes(_SECRET_BYTES))
