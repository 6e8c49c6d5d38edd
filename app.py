"""The app. Start it with ``streamlit run app.py``."""

import streamlit as st

from humanpose.assets import PACKAGE
from humanpose.ui.routes import MIDDLEWARE, ROUTES
from humanpose.ui.warm_up import warm_up

app = st.App(PACKAGE / "ui" / "main.py", routes=ROUTES, middleware=MIDDLEWARE, lifespan=warm_up)
