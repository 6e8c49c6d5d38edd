"""The script behind every page: window, icon, style, and the navigation over ``pages/``."""

from pathlib import Path

import streamlit as st

from humanpose.assets import ASSETS
from humanpose.errors import OutputError
from humanpose.ui import nav, sign_in
from humanpose.ui.language import choose_language
from humanpose.ui.messages import show_error
from humanpose.ui.page_script import run_page_script

_ICON = ASSETS / "icon.svg"
_STYLE = Path(__file__).parent / "page.css"

st.set_page_config(page_title="humanpose", page_icon=_ICON, layout="wide")
st.html(_STYLE)
run_page_script()
choose_language()
sign_in.require_account()
page = st.navigation(nav.pages(), position="top")
try:
    page.run()
except OutputError as error:  # the data folder cannot be read
    show_error(error)
