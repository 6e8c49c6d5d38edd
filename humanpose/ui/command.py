"""``humanpose app``: Streamlit with our app, wherever it is started."""

from collections.abc import Sequence

from streamlit.web.cli import main

from humanpose.assets import INSTALLATION


def run_app(options: Sequence[str]) -> None:
    """Serve the app until it is stopped, and exit as Streamlit does.

    Args:
        options: Streamlit's, as of ``streamlit run``; ours are in ``.streamlit/config.toml``
            beside ``app.py``, where Streamlit looks in any case.
    """
    main(["run", str(INSTALLATION / "app.py"), *options], prog_name="streamlit")
