"""Choosing a clip: an upload or the sample, with what is in it shown before anything runs."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from humanpose.assets import SAMPLE
from humanpose.errors import HumanPoseError
from humanpose.server import receiver
from humanpose.server.clips import CLIP_TYPES, drop_upload, store_upload
from humanpose.server.entry import Entry
from humanpose.server.space import writable_home
from humanpose.settings import Settings
from humanpose.ui import session
from humanpose.ui.analyse.webcam import record_clip
from humanpose.ui.messages import as_text, show_error
from humanpose.ui.uploads import content_of
from humanpose.video import ClipInfo
from humanpose.words import say

SAMPLE_HEIGHT_M = 1.77


@dataclass(frozen=True, eq=False)
class Clip:
    """A readable clip, chosen but not analysed yet."""

    path: Path
    label: str
    info: ClipInfo
    picture: bytes
    """JPEG of the first frame, small."""


def choose_clip() -> Clip | None:
    """The uploader or, once there is one, the clip; None until there is one."""
    place = st.empty()
    if "clip" not in st.session_state:
        with place.container():
            _offer()
    clip: Clip | None = st.session_state.get("clip")
    if clip is not None:
        with place.container(border=True):
            _show(clip)
    return clip


def analyse(
    clip: Clip,
    settings: Settings,
    *,
    preset: str,
    keeps_clip: bool,
    note: Callable[[Entry], None],
) -> None:
    """Start the analysis and draw the page anew, where a clip that is not kept is gone.

    Args:
        note: keeps what else is to be kept of the new analysis.
    """

    def note_all(entry: Entry) -> None:
        if keeps_clip:
            with writable_home():
                entry.thumbnail.write_bytes(clip.picture)
        note(entry)

    if session.start(
        clip.path, clip.label, settings, preset=preset, keeps_clip=keeps_clip, note=note_all
    ):
        if not keeps_clip:
            _drop()
        st.rerun()


def _offer() -> None:
    receiver.be_ready()
    upload = st.file_uploader(
        say("Drop a video of one person here, the whole body in view"),
        type=list(CLIP_TYPES),
    )
    record_clip()
    st.button(
        say("No clip at hand? Try the sample"),
        type="tertiary",
        on_click=_take_sample,
    )
    if upload is None:
        return
    try:
        st.session_state["clip"] = _keep(upload)
    except HumanPoseError as error:
        show_error(error)


def _keep(upload: UploadedFile) -> Clip:
    """Store an upload and look into it; one that is no clip is deleted, and said so."""
    with content_of(upload) as content:
        path = store_upload(upload.name, content)
        try:
            return _read(path, upload.name)
        except HumanPoseError as error:
            drop_upload(path)
            raise type(error)(str(error).replace(path.name, upload.name)) from error


def _take_sample() -> None:
    st.session_state["clip"] = _read(SAMPLE, SAMPLE.name)
    st.session_state["height_m"] = SAMPLE_HEIGHT_M


def _read(path: Path, label: str) -> Clip:
    seen = receiver.look_at(path)
    return Clip(path, label, seen.info, seen.jpeg)


def _show(clip: Clip) -> None:
    name, change = st.columns([3, 2], vertical_alignment="center")
    name.markdown(f"**{as_text(clip.label)}**")
    change.button(say("Choose another"), on_click=_drop, width="stretch")
    st.caption("  ·  ".join(_facts(clip.info)))


def data_url(jpeg: bytes) -> str:
    """The picture inside the page; as a file it can be gone before the browser asks for it."""
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode("ascii")


def _facts(info: ClipInfo) -> list[str]:
    """What the header says; a clip need not say how long it is."""
    facts = [
        f"{info.width} × {info.height} px",
        say("{fps:.4g} frames/s", fps=info.fps),
    ]
    if info.duration_s:
        facts.insert(0, say("{seconds:.1f} s", seconds=info.duration_s))
    if info.rotation_deg:
        facts.append(
            say("filmed turned by {degrees}°, shown upright", degrees=info.rotation_deg)
        )
    return facts


def _drop() -> None:
    drop_upload(st.session_state.pop("clip").path)
