"""Plain HTTP beside the Streamlit script: plotly.js, the clips, and headers for all of it."""

import base64
import hashlib
import re
from pathlib import Path

import plotly
import streamlit
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from humanpose.server.batches import Batch
from humanpose.server.entry import Entry
from humanpose.server.space import free_gb
from humanpose.ui.base_path import BASE
from humanpose.ui.door import Door
from humanpose.ui.uploads import UploadsToDisk
from humanpose.ui.viewer.frames import URL, offered
from humanpose.ui.visitor import VisitorCookie

PLOTLY_URL = "vendor/plotly.min.js"
_LEAST_FREE_GB = 0.5
_PLOTLY_JS = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"


def _inline_script_hashes() -> list[str]:
    """Streamlit's page has a script inside; its hash is what lets it, and nothing else, run."""
    page = Path(streamlit.__file__).parent / "static" / "index.html"
    scripts = re.findall(r"<script>(.*?)</script>", page.read_text("utf-8"), re.DOTALL)
    digests = [hashlib.sha256(script.encode()).digest() for script in scripts]
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]


_POLICY = "; ".join(
    (
        "default-src 'none'",
        # component code is a blob module; there is no eval anywhere
        " ".join(("script-src 'self' blob:", *_inline_script_hashes())),
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' blob:",
        "connect-src 'self' ws://127.0.0.1:* ws://localhost:*",
        "worker-src 'self' blob:",
        "frame-ancestors 'none'",
        "base-uri 'self'",
        "form-action 'self'",
    )
)
_SECURITY_HEADERS = [
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (
        b"permissions-policy",
        b"camera=(self), display-capture=(), geolocation=(), microphone=()",
    ),
]
_ONLY_ENCRYPTED = (b"strict-transport-security", b"max-age=31536000")


class SecurityHeaders:
    """ASGI middleware: the browser may load from this server only, and nobody may frame it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        ours = list(_SECURITY_HEADERS)
        if scope.get("scheme") == "https":  # or a trusted proxy says so
            ours.append(_ONLY_ENCRYPTED)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *ours]
            await send(message)

        await self._app(scope, receive, send_with_headers)


async def _plotly_js(_request: Request) -> Response:
    return FileResponse(
        _PLOTLY_JS,
        media_type="text/javascript",
        headers={"Cache-Control": "public, max-age=86400"},
    )


async def _clip(request: Request) -> Response:
    """An analysis's playback clip, with Range; the token is the capability to see it."""
    entry = Entry.find(request.path_params["link"])
    if entry is None or not entry.playback.is_file():
        return PlainTextResponse("not found", status_code=404)
    return FileResponse(
        entry.playback,
        media_type="video/mp4",
        headers={"Cache-Control": "private, max-age=3600"},
    )


async def _report(request: Request) -> Response:
    """An analysis's report, to print; the token is the capability to see it."""
    entry = Entry.find(request.path_params["link"])
    if entry is None or not entry.report.is_file():
        return PlainTextResponse("not found", status_code=404)
    return FileResponse(
        entry.report, media_type="text/html", headers={"Cache-Control": "no-store"}
    )


def report_url(entry: Entry) -> str:
    """Address of the report, relative to any page."""
    return f"reports/{entry.about.link}.html"


def _frames(request: Request) -> Response:
    """A part of what a viewer shows of a long clip; the key is the capability to see it, as
    long as the link is one to the page that gave it."""
    frames = offered(request.path_params["key"], lambda link: Entry.find(link) is not None)
    asked = request.query_params
    try:
        if frames is None:
            raise ValueError("offered no more")
        first, last, step = (int(asked[name]) for name in ("from", "to", "step"))
        part = frames.part(first, last, step=max(1, step))
    except (ValueError, KeyError):
        return PlainTextResponse("not found", status_code=404)
    return Response(
        part, media_type="application/octet-stream", headers={"Cache-Control": "no-store"}
    )


async def _batch(request: Request) -> Response:
    """All results of a batch as one ZIP; the token is the capability to have it."""
    batch = Batch.find(request.path_params["link"])
    if batch is None or not batch.archive.is_file():
        return PlainTextResponse("not found", status_code=404)
    return FileResponse(
        batch.archive,
        media_type="application/zip",
        filename="batch.zip",
        headers={"Cache-Control": "no-store"},
    )


def archive_url(batch: Batch) -> str:
    """Address of a batch's results, relative to any page."""
    return f"batches/{batch.about.link}.zip"


async def _health(_request: Request) -> Response:
    """For a load balancer: 200 while uploads can be kept, 503 when the disk is full."""
    if free_gb() > _LEAST_FREE_GB:
        return PlainTextResponse("ok")
    return PlainTextResponse("full", status_code=503)


def clip_url(entry: Entry) -> str:
    """Address of the playback clip, relative to any page; empty where there is none."""
    return f"clips/{entry.about.link}.mp4" if entry.playback.is_file() else ""


ROUTES = [
    Route(f"{BASE}/{PLOTLY_URL}", _plotly_js),
    Route(BASE + "/clips/{link}.mp4", _clip),
    Route(BASE + "/reports/{link}.html", _report),
    Route(BASE + "/batches/{link}.zip", _batch),
    Route(f"{BASE}/{URL}/{{key}}", _frames),
    *(Route(f"{at}/health", _health) for at in {"", BASE}),
]
MIDDLEWARE = [
    Middleware(SecurityHeaders),
    Middleware(VisitorCookie),
    Middleware(Door),
    Middleware(UploadsToDisk),
]
