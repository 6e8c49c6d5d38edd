"""The app. Start it with ``streamlit run app.py``."""

import streamlit as st

from humanpose.assets import PACKAGE
from humanpose.ui.lifetime import lifetime
from humanpose.ui.routes import MIDDLEWARE, ROUTES

app = st.App(
    PACKAGE / "ui" / "main.py", routes=ROUTES, middleware=MIDDLEWARE, lifespan=lifetime
)
