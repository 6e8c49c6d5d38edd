"""A folder that OpenSim scales a model from and runs inverse kinematics in, as it stands."""

from collections.abc import Collection, Mapping
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

import numpy as np

from humanpose.analysis import Analysis
from humanpose.errors import SettingsError
from humanpose.io import mot, trc
from humanpose.io.model_scale import (
    lengths_of_person,
    marker_places,
    scale_factors,
)
from humanpose.io.osim import Model
from humanpose.io.scaled import marker_set, numbers, scaled_model
from humanpose.kinematics.model_axes import BODY_ORIGINS
from humanpose.lengths import length_note
from humanpose.runtime.replace import replaced_folder
from humanpose.sequence import Floats, PoseSequence
from humanpose.version import __version__

MODEL, SCALED = "model.osim", "scaled.osim"
MARKER_SET, SCALE, IK = "marker_set.xml", "scale.xml", "ik.xml"
MARKERS, MOTION, README = "markers.trc", "angles.mot", "README.txt"
OURS = frozenset({MODEL, SCALED, MARKER_SET, SCALE, MARKERS, MOTION, README})
"""Beside one ``ik.xml``, or ``ik_1.xml`` and so on for the stretches between gaps."""

_POSE2SIMS_NAMES = {
    "L5_S1_Flex_Ext": "lumbar_extension",
    "L5_S1_Lat_Bending": "lumbar_bending",
    "L5_S1_axial_rotation": "lumbar_rotation",
}
"""Coordinates that Pose2Sim's model calls otherwise than LaiUhlrich2022 and all its kin."""
_WEIGHTS = {"pelvis": 2.0}
"""Of the markers on a body; those of all others count once."""
_ENOUGH = 0.5
"""Share of the markers of the fullest frame with which OpenSim places the model well."""


def write_opensim(analysis: Analysis, folder: Path, *, model: Path | None = None) -> Path:
    """Write a model, its markers, the setups to scale it and for inverse kinematics, the scaled
    model where it has no muscles, the TRC and, as a motion of the scaled model, our own angles.
    All paths are relative.

    OpenSim cannot place the model where nobody was seen, so each stretch between such gaps
    has a setup of its own. Without augmentation the set is the 22 markers', and turns about
    limbs' long axes are free.

    Args:
        model: an unscaled model of the Rajagopal family, LaiUhlrich2022 say. By default that
            of an installed Pose2Sim; without one the folder says where to get a model.

    Raises:
        SettingsError: ``model`` isn't such a model.
        OutputError: the folder cannot be written.
    """
    text = _model_text(model or _pose2sims_model())
    origins = _origins(text)
    markers = analysis.markers_augmented or analysis.markers
    factors = scale_factors(lengths_of_person(markers), origins)
    places = marker_places(augmented=analysis.markers_augmented is not None, origins=origins)
    note = length_note(analysis.settings)
    ik_tools = _ik_tools(markers, places)
    models = {} if text is None else _models(text, factors, places, analysis)
    setups = {MARKER_SET: marker_set(places), SCALE: _scale_tool(analysis, factors), **ik_tools}
    earlier = {path.name for path in folder.glob("ik*.xml")}
    with replaced_folder(folder, ours=OURS | earlier) as draft:
        for name, content in models.items():
            (draft / name).write_text(content, encoding="utf-8")
        for name, setup in setups.items():
            _write_xml(draft / name, setup)
        with (draft / MARKERS).open("w", encoding="utf-8", newline="\n") as stream:
            trc.write_trc(markers, stream, file_name=MARKERS, note=note)
        with (draft / MOTION).open("w", encoding="utf-8", newline="\n") as stream:
            mot.write_mot(
                analysis.joint_angles, analysis.markers, stream, origins=origins, note=note
            )
        readme = _readme(list(ik_tools), models=models) + (f"\n{note}\n" if note else "")
        (draft / README).write_text(readme, encoding="utf-8")
    return folder


def require_model(model: Path | None) -> None:
    """See whether ``write_opensim`` can use ``model``.

    Raises:
        SettingsError: it cannot.
    """
    _origins(_model_text(model))


def _models(
    text: str,
    factors: Mapping[str, Floats],
    places: Mapping[str, tuple[str, Floats]],
    analysis: Analysis,
) -> dict[str, str]:
    """File name -> content: the model and, if we can scale it, the scaled one."""
    mass_kg = analysis.settings.effective_mass_kg
    scaled = scaled_model(text, factors, places=places, mass_kg=mass_kg)
    return {MODEL: text} | ({} if scaled is None else {SCALED: scaled})


def _pose2sims_model() -> Path | None:
    package = find_spec("Pose2Sim")
    if package is None or package.origin is None:
        return None
    model = Path(package.origin).parent / "OpenSim_Setup" / "Model_Pose2Sim_simple.osim"
    return model if model.is_file() else None


def _model_text(model: Path | None) -> str | None:
    if model is None:
        return None
    try:
        text = model.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"opensim-model {model} cannot be read; name an .osim file"
        ) from error
    for theirs, ours in _POSE2SIMS_NAMES.items():
        text = text.replace(theirs, ours)
    return text


def _origins(text: str | None) -> Mapping[str, Floats]:
    if text is None:
        return BODY_ORIGINS
    try:
        origins = Model.parse(text).origins
    except (ElementTree.ParseError, ValueError, KeyError) as error:
        raise SettingsError("opensim-model is damaged; name another .osim file") from error
    if not BODY_ORIGINS.keys() <= origins.keys():
        raise SettingsError(
            "opensim-model isn't of the Rajagopal family; name LaiUhlrich2022.osim or its like"
        )
    return origins


def _scale_tool(analysis: Analysis, factors: Mapping[str, Floats]) -> Element:
    settings = analysis.settings
    tool = Element("ScaleTool", name="scaled")
    _fill(
        tool,
        mass=f"{settings.effective_mass_kg:.6g}",
        height=f"{1000 * settings.effective_height_m:.6g}",
        age="-1",
        notes="; ".join(filter(None, (f"humanpose {__version__}", length_note(settings)))),
    )
    maker = SubElement(tool, "GenericModelMaker")
    _fill(maker, model_file=MODEL, marker_set_file=MARKER_SET)
    scaler = SubElement(tool, "ModelScaler")
    _fill(scaler, apply="true", scaling_order="manualScale")
    objects = SubElement(SubElement(scaler, "ScaleSet"), "objects")
    for body, along_axes in factors.items():
        scale = SubElement(objects, "Scale")
        _fill(scale, scales=numbers(along_axes), segment=body, apply="true")
    _fill(scaler, preserve_mass_distribution="false", output_model_file=SCALED)
    return tool  # no MarkerPlacer, not even one that is off: OpenSim would report a failure


def _ik_tools(
    markers: PoseSequence, places: Mapping[str, tuple[str, Floats]]
) -> dict[str, Element]:
    """File name -> setup, for each stretch of frames with half of the markers at least."""
    known = np.isfinite(markers.positions).all(axis=2)
    tasks = [
        name
        for name, ever in zip(markers.skeleton.joints, known.any(axis=0), strict=True)
        if ever and name in places
    ]
    shown = known[:, markers.skeleton.indices(*tasks)].sum(axis=1)
    seen = shown >= _ENOUGH * shown.max()
    edges = np.flatnonzero(np.diff(np.concatenate([[False], seen, [False]])))
    ranges = markers.timeline.time_s[edges.reshape(-1, 2) - [0, 1]].round(6)  # as in the TRC
    numbers = [f"_{n}" for n in range(1, len(ranges) + 1)] if len(ranges) > 1 else [""]
    weights = {name: _WEIGHTS.get(places[name][0], 1.0) for name in tasks}
    return {
        f"{Path(IK).stem}{number}.xml": _ik_tool(weights, time_s, f"ik{number}.mot")
        for number, time_s in zip(numbers, ranges, strict=True)
    }


def _ik_tool(weights: Mapping[str, float], time_s: Floats, result: str) -> Element:
    tool = Element("InverseKinematicsTool", name=Path(result).stem)
    objects = SubElement(SubElement(tool, "IKTaskSet"), "objects")
    for name, weight in weights.items():
        _fill(
            SubElement(objects, "IKMarkerTask", name=name), apply="true", weight=f"{weight:g}"
        )
    _fill(
        tool,
        results_directory=".",
        model_file=SCALED,
        marker_file=MARKERS,
        time_range=numbers(time_s),
        output_motion_file=result,
        report_errors="true",
    )
    return tool


def _fill(element: Element, **texts: str) -> None:
    for tag, text in texts.items():
        SubElement(element, tag).text = text


def _write_xml(path: Path, content: Element) -> None:
    document = Element("OpenSimDocument", Version="40000")
    document.append(content)
    ElementTree.indent(document)
    ElementTree.ElementTree(document).write(path, encoding="UTF-8", xml_declaration=True)


_MODEL_HERE = """\
model.osim is the unscaled model: the file that was named, or the one of Pose2Sim (BSD-3-Clause;
Pagnon et al. 2021, after Rajagopal et al. 2016) with LaiUhlrich2022's names of the lumbar
coordinates."""
_MODEL_MISSING = """\
First put LaiUhlrich2022.osim here as model.osim; it is in opensimPipeline/Models of
github.com/stanfordnmbl/opencap-core."""
_SCALED_HERE = f"""
{SCALED} is {MODEL} scaled to the person; {SCALE} has OpenSim do it anew."""
_GAPS = """
There is one setup for each stretch in which the person was seen: OpenSim cannot place the model
in a gap.
"""


def _readme(ik_tools: list[str], *, models: Collection[str]) -> str:
    steps = [(name, f"{Path(name).stem}.mot") for name in ik_tools]
    model = _MODEL_HERE if MODEL in models else _MODEL_MISSING
    if SCALED in models:
        model += _SCALED_HERE
    else:
        steps.insert(0, (SCALE, SCALED))
    runs = "\n".join(f"    opensim-cmd run-tool {name:13} writes {out}" for name, out in steps)
    gaps = _GAPS if len(ik_tools) > 1 else ""
    return f"""\
Made by humanpose {__version__}. X right in the image, Y up, Z towards the camera; m, deg.

{model}

Run in this folder, one after the other:

{runs}
{gaps}
In OpenSim's window: Tools > Scale Model > Load {SCALE}, then Tools > Inverse Kinematics > Load
{ik_tools[0]}. In Python: opensim.ScaleTool("{SCALE}").run() and
opensim.InverseKinematicsTool("{ik_tools[0]}").run().

{MOTION} is humanpose's own motion of {SCALED}: File > Load Motion. It lies over {MARKERS}
(File > Preview Experimental Data). The scale factors come from the distances of the joint
centres over the whole clip; no static trial is needed.
"""
