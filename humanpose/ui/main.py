"""The script behind every page: window, icon, style, and the navigation over ``pages/``."""

from pathlib import Path

import streamlit as st

from humanpose.assets import ASSETS
from humanpose.ui import nav, sign_in

_ICON = ASSETS / "icon.svg"
_STYLE = Path(__file__).parent / "page.css"

st.set_page_config(page_title="humanpose", page_icon=_ICON, layout="wide")
st.html(_STYLE)
sign_in.require_account()
st.navigation(nav.pages(), position="top").run()
