"""The drawings: all there, drawn in the theme's colours, and nothing in them that loads."""

from pathlib import Path
from xml.etree import ElementTree

import pytest
from streamlit.testing.v1 import AppTest

import humanpose
from humanpose.labels import JOINTS
from humanpose.ui.analyse.guide import steps_html
from humanpose.ui.signs import sign_drawings
from tests.support.entries import finished_entry

MAIN = Path(humanpose.__file__).parent / "ui" / "main.py"
ASSETS = Path(humanpose.__file__).parent / "assets"
DRAWINGS = sorted([*ASSETS.glob("signs/*.svg"), *ASSETS.glob("filming/*.svg")])


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda path: path.stem)
def test_a_drawing_follows_the_theme_and_loads_nothing(drawing: Path) -> None:
    text = drawing.read_text(encoding="utf-8")
    root = ElementTree.fromstring(text)
    assert root.tag.endswith("svg")
    assert root.get("stroke") == "currentColor"
    assert not {"script", "image", "use", "style"} & {e.tag.split("}")[1] for e in root.iter()}
    assert "href" not in text


def test_every_joint_has_a_drawing_of_its_positive_direction() -> None:
    assert {title.split()[0] for title in sign_drawings()} == set(JOINTS)
    assert len(sign_drawings()) == len(JOINTS) + 1  # a pelvis tilts either way
    assert "<svg" in sign_drawings()["Knee flexion"]


def test_the_guide_describes_every_drawing() -> None:
    html = ElementTree.fromstring(steps_html())
    pictures = [e for e in html.iter() if e.tag.endswith("svg")]
    assert len(pictures) == len(list(ASSETS.glob("filming/*.svg")))
    assert all(
        picture.get("role") == "img" and picture.get("aria-label") for picture in pictures
    )


@pytest.mark.usefixtures("home")
def test_a_newcomer_sees_the_guide_until_it_is_closed() -> None:
    app = AppTest.from_file(str(MAIN), default_timeout=30).run()
    assert is_shown(app)
    [said] = [c.value for c in app.caption if "not a medical device" in c.value]
    assert "people who agreed" in said
    next(b for b in app.button if b.help == "Close the guide").click().run()
    assert not is_shown(app)
    next(b for b in app.button if b.label == "How to film").click().run()
    assert is_shown(app)


def test_somebody_with_an_analysis_is_not_shown_it_again(home: Path) -> None:
    finished_entry(home)
    app = AppTest.from_file(str(MAIN), default_timeout=30).run()
    assert not is_shown(app)
    assert "How to film" in [button.label for button in app.button]


def is_shown(app: AppTest) -> bool:
    assert not app.exception
    return "How to film" in [heading.value for heading in app.subheader]
