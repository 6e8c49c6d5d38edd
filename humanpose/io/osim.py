"""What an OpenSim model file says of its bodies and markers."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self
from xml.etree import ElementTree

import numpy as np

from humanpose.sequence import Floats


@dataclass(frozen=True)
class Model:
    """Bodies and markers, m."""

    origins: dict[str, Floats]
    """Body -> its origin in the default pose, where all bodies but the toes have like axes."""
    markers: dict[str, tuple[str, Floats]]
    """Marker -> its body and its place in that one's axes."""

    @classmethod
    def read(cls, path: Path) -> Self:
        return cls.parse(path.read_text(encoding="utf-8"))

    @classmethod
    def parse(cls, text: str) -> Self:
        """Of the text of an ``.osim`` file.

        Raises:
            ParseError, KeyError: it isn't one.
        """
        root = ElementTree.fromstring(text.encode())
        markers = {
            marker.get("name", ""): (
                _last(marker, "socket_parent_frame"),
                _vector(marker, "location"),
            )
            for marker in root.iter("Marker")
        }
        return cls(_origins(root), markers)


def _origins(root: ElementTree.Element) -> dict[str, Floats]:
    origins: dict[str, Floats] = {}
    joints = root.find(".//JointSet/objects")
    for joint in joints if joints is not None else ():
        ends = {
            frame.get("name"): (_last(frame, "socket_parent"), _vector(frame, "translation"))
            for frame in joint.iter("PhysicalOffsetFrame")
        }
        above, child = (
            ends[_last(joint, f"socket_{end}_frame")] for end in ("parent", "child")
        )
        if above[0] == "ground" or above[0] in origins:
            start = origins.get(above[0], np.zeros(3))
            origins[child[0]] = start + above[1] - child[1]
    return origins


def _last(element: ElementTree.Element, tag: str) -> str:
    """The last part of a path in the text of a child."""
    return _text(element, tag).split("/")[-1]


def _text(element: ElementTree.Element, tag: str) -> str:
    found = element.find(tag)
    return (found.text or "").strip() if found is not None else ""


def _vector(element: ElementTree.Element, tag: str) -> Floats:
    return np.array([float(number) for number in _text(element, tag).split()])
