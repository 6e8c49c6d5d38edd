"""A visit to a running app without a browser: widgets are set and pages run by messages."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs

from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Common_pb2 import FileURLs, UploadedFileInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import connect
from websockets.sync.connection import Connection
from websockets.typing import Origin, Subprotocol

from humanpose.server.entry import Entry
from tests.support.attacker import ask

CLIP_UPLOADER = "Drop a video of one person here, the whole body in view"
FILE_UPLOADER = "An analysis that another installation exported"
_LEARNED = ("Learned 3-D (POF)", "Joint refinement")
_XSRF = "_streamlit_xsrf"
_BOUNDARY = "a-boundary"
_WIDGETS = ("button", "checkbox", "file_uploader", "number_input", "text_area")
_TEXTS = ("alert", "heading", "markdown")
_PATIENCE_S = 180.0


class Visit:
    """One page that stays open."""

    def __init__(self, url: str, stream: Connection, cookies: str) -> None:
        self._url, self._stream, self._cookies = url, stream, cookies
        self._page = self._query = ""
        self._states: dict[str, WidgetState] = {}
        self._widgets: dict[tuple[str, str], str] = {}
        self.id = self.token = ""
        self.words: list[str] = []
        """Of errors on the page."""
        self.text = ""
        """All that can be read on the page, widgets aside."""
        self.failed = False
        """Whether one of the errors is a fault of the app's."""

    def open(self, page: str, query: str = "") -> None:
        """Go to another page, by its name in the address."""
        self._page, self._query = page, query
        self._states.clear()
        self._widgets.clear()
        self.run()

    def run(self) -> None:
        """Have the page run, and read what is on it then."""
        state = ClientState(page_name=self._page, query_string=self._query)
        state.widget_states.widgets.extend(self._states.values())
        self._stream.send(BackMsg(rerun_script=state).SerializeToString())
        self.words, self.text, self.failed = [], "", False
        limit = time.monotonic() + _PATIENCE_S
        while time.monotonic() < limit:
            message = ForwardMsg.FromString(self._stream.recv(timeout=_PATIENCE_S))
            self._read(message)
            if message.WhichOneof("type") == "script_finished" and message.script_finished in (
                ForwardMsg.FINISHED_SUCCESSFULLY,
                ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
            ):
                return
        raise TimeoutError("the page does not come to an end")

    def has(self, kind: str, label: str) -> bool:
        return (kind, label) in self._widgets

    def set(self, kind: str, label: str, **value: Any) -> None:
        """What a widget says from now on, e.g. ``double_value=1.77``."""
        name = self._widgets[kind, label]
        self._states[name] = WidgetState(id=name, **value)

    def click(self, label: str) -> None:
        """Press a button, and have the page run."""
        self.set("button", label, trigger_value=True)
        name = self._widgets["button", label]
        try:
            self.run()
        finally:
            del self._states[name]

    def upload(self, label: str, name: str, content: bytes) -> int:
        """Send a file to an uploader, and have the page run; the status of the answer."""
        file = str(uuid.uuid4())
        path = f"/_stcore/upload_file/{self.id}/{file}"
        body = self.form_head(name) + content + f"\r\n--{_BOUNDARY}--\r\n".encode()
        status, _, _ = ask(self._url, path, method="PUT", body=body, **self.form_headers)
        sent = UploadedFileInfo(name=name, size=len(content), file_id=file)
        sent.file_urls.CopyFrom(FileURLs(file_id=file, upload_url=path, delete_url=path))
        self.set("file_uploader", label)
        self._states[
            self._widgets["file_uploader", label]
        ].file_uploader_state_value.uploaded_file_info.append(sent)
        self.run()
        return status

    def analyse(
        self, name: str, content: bytes, *, height_m: float, keeps_clip: bool = True
    ) -> Entry:
        """Upload a clip and start its analysis, without learned stages. Raises RuntimeError."""
        self.upload(CLIP_UPLOADER, name, content)
        if self.words:
            raise RuntimeError(f"the clip was refused: {self.words}")
        for stage in _LEARNED:
            self.set("checkbox", stage, bool_value=False)
        if not keeps_clip:
            self.set("checkbox", "Don't keep the video", bool_value=True)
        self.set("number_input", "Height (m)", double_value=height_m)
        self.run()
        self.click("Analyse")
        entry = Entry.find(self.token)
        if entry is None:
            raise RuntimeError(f"nothing was started: {self.words}")
        return entry

    @property
    def form_headers(self) -> dict[str, str]:
        """Of a request that brings a form with a file."""
        return {
            "Content_Type": f"multipart/form-data; boundary={_BOUNDARY}",
            "Cookie": self._cookies,
            "X_Xsrftoken": _cookie(self._cookies, _XSRF),
        }

    def form_head(self, name: str) -> bytes:
        """What comes before the file in such a form."""
        head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="f"; filename="{name}"'
        return f"{head}\r\n\r\n".encode()

    def _read(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.id = message.new_session.initialize.session_id or self.id
        elif kind == "page_info_changed":
            self.token = parse_qs(message.page_info_changed.query_string).get("a", [""])[0]
        elif kind == "delta":
            element = message.delta.new_element
            what = element.WhichOneof("type")
            if what in _TEXTS:
                self.text += getattr(element, what).body + "\n"
            if what in _WIDGETS:
                widget = getattr(element, what)
                self._widgets[what, widget.label] = widget.id
            elif what == "exception":
                self.failed = True
                self.words.append(str(element.exception))
            elif what == "alert" and element.alert.format == Alert.ERROR:
                self.words.append(element.alert.body)


@contextmanager
def visit(url: str, *, cookies: str = "") -> Iterator[Visit]:
    """Open the app's first page, with the cookies of who may come in."""
    _, headers, _ = ask(url, "/_stcore/health", Cookie=cookies)
    given = [line.split(";")[0] for line in headers.get_all("Set-Cookie") or []]
    cookies = "; ".join(filter(None, [cookies, *given]))
    address = url.replace("http://", "ws://") + "/_stcore/stream"
    with connect(
        address,
        origin=Origin(url),
        subprotocols=[Subprotocol("streamlit"), Subprotocol(_cookie(cookies, _XSRF))],
        additional_headers={"Cookie": cookies},
        max_size=None,
    ) as stream:
        page = Visit(url, stream, cookies)
        page.run()
        yield page


def _cookie(cookies: str, name: str) -> str:
    return cookies.partition(f"{name}=")[2].split(";")[0].strip('"')
