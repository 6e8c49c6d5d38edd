"""Under which address the app lies, where it shares a server's name with others."""

from streamlit import config

_GIVEN = str(config.get_option("server.baseUrlPath") or "").strip("/")
BASE = f"/{_GIVEN}" if _GIVEN else ""
"""Streamlit's ``server.baseUrlPath``, which it knows before it imports the app: ``/clinic``, or
nothing at the top."""
