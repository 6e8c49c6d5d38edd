"""A model of OpenSim scaled to a person, as OpenSim's own tool does, if it has no muscles."""

from collections.abc import Mapping
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import numpy as np

from humanpose.sequence import Floats

_LOADED = ("ForceSet", "ConstraintSet", "ControllerSet")


def scaled_model(
    text: str,
    factors: Mapping[str, Floats],
    *,
    places: Mapping[str, tuple[str, Floats]],
    mass_kg: float,
) -> str | None:
    """The text of the scaled model; None of one with muscles or constraints, whose scaling
    is OpenSim's to do.

    Lengths, meshes, the joints' translations and marker places grow with their body; masses
    with its volume, all together ``mass_kg``; inertias as of a body that is stretched.

    Args:
        text: of the unscaled ``.osim``.
        factors: body -> (3,) finite, along its axes; others stay as they are.
        places: marker -> its body and (3,) its place on the unscaled model, m.
    """
    root = ElementTree.fromstring(text.encode())
    model = root.find("Model")
    if model is None or any(
        len(found) for kind in _LOADED for found in root.iterfind(f".//{kind}/objects")
    ):
        return None
    model.set("name", "scaled")
    bodies = list(root.iter("Body"))
    for body in bodies:
        _scale_body(body, factors.get(body.get("name", ""), np.ones(3)))
    heavier = mass_kg / sum(_vector(body, "mass")[0] for body in bodies)
    for body in bodies:
        for tag in ("mass", "inertia"):
            _set(body, tag, _vector(body, tag) * heavier)
    for joint in root.findall(".//JointSet/objects/*"):
        _scale_joint(joint, factors)
    _put_markers(model, factors, places)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def _scale_body(body: Element, factors: Floats) -> None:
    volume = float(np.prod(factors))
    _set(body, "mass", _vector(body, "mass") * volume)
    _set(body, "mass_center", _vector(body, "mass_center") * factors)
    moments, products = np.split(_vector(body, "inertia"), 2)
    spread = (moments.sum() / 2 - moments) * factors**2  # second moments along the axes
    pairs = factors[[0, 0, 1]] * factors[[1, 2, 2]]
    stretched = [spread.sum() - spread, products * pairs]
    _set(body, "inertia", np.concatenate(stretched) * volume)
    for mesh in body.iter("Mesh"):
        _set(mesh, "scale_factors", _vector(mesh, "scale_factors") * factors)


def _scale_joint(joint: Element, factors: Mapping[str, Floats]) -> None:
    bodies: dict[str, str] = {}
    for frame in joint.iter("PhysicalOffsetFrame"):
        body = frame.findtext("socket_parent", "").split("/")[-1]
        bodies[frame.get("name", "")] = body
        if body in factors:
            _set(frame, "translation", _vector(frame, "translation") * factors[body])
    parent = bodies.get(joint.findtext("socket_parent_frame", "").split("/")[-1], "")
    for axis in joint.iter("TransformAxis"):
        if parent in factors and axis.get("name", "").startswith("translation"):
            _multiply(axis, float(_vector(axis, "axis") @ factors[parent]))


def _multiply(axis: Element, factor: float) -> None:
    for function in [child for child in axis if child.get("name") == "function"]:
        axis.remove(function)
        multiplied = SubElement(axis, "MultiplierFunction", name="function")
        SubElement(multiplied, "function").append(function)
        SubElement(multiplied, "scale").text = f"{factor:.9g}"


def _put_markers(
    model: Element, factors: Mapping[str, Floats], places: Mapping[str, tuple[str, Floats]]
) -> None:
    for earlier in model.findall("MarkerSet"):
        model.remove(earlier)
    scaled = {name: (body, place * factors[body]) for name, (body, place) in places.items()}
    model.append(marker_set(scaled))


def marker_set(places: Mapping[str, tuple[str, Floats]]) -> Element:
    """Markers on the bodies of a model, each at its finite place (3,) on it, m."""
    markers = Element("MarkerSet", name="markerset")
    objects = SubElement(markers, "objects")
    for name, (body, place) in places.items():
        marker = SubElement(objects, "Marker", name=name)
        SubElement(marker, "socket_parent_frame").text = f"/bodyset/{body}"
        SubElement(marker, "location").text = numbers(place)
        SubElement(marker, "fixed").text = "true"
    return markers


def numbers(values: Floats) -> str:
    """(N,) finite numbers as OpenSim's files have them."""
    return " ".join(f"{value:.9g}" for value in values)


def _vector(element: Element, tag: str) -> Floats:
    return np.array(element.findtext(tag, "").split(), float)


def _set(element: Element, tag: str, values: Floats) -> None:
    found = element.find(tag)
    if found is not None:
        found.text = numbers(values)
