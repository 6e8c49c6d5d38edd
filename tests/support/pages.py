"""Pages in Streamlit's own test harness."""

from streamlit.testing.v1 import AppTest

from humanpose.server.entry import Entry
from humanpose.settings import Settings
from tests.support.places import ROOT

MAIN = ROOT / "humanpose" / "ui" / "main.py"
ALL_MODELS = (Settings.pof_model_path, Settings.joint_model_path, Settings.main_refiner_path)


def opened(page: str, entry: Entry | None = None) -> AppTest:
    app = AppTest.from_file(str(MAIN), default_timeout=30)
    if entry:
        app.query_params["a"] = entry.about.link
    app.run()
    if page != "analyse":
        app.switch_page(str(ROOT / "pages" / f"{page}.py")).run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    elements = (*app.title, *app.subheader, *app.markdown, *app.caption, *app.error, *app.info)
    return "\n".join(element.value for element in elements)


def viewer_text(app: AppTest) -> str:
    """The words in what the viewer is given."""
    payload: bytes = app.get("bidi_component")[-1].proto.bytes
    return payload.decode("utf-8", errors="replace")
