"""A report as a reader sees it: its tables by name, row by row."""

from html.parser import HTMLParser


class ReportPage(HTMLParser):
    """``cells["ranges"]["knee_angle_r"]`` is the list of a row's cells; ``text`` all words,
    one blank between them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.cells: dict[str, dict[str, list[str]]] = {}
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.text = ""
        self._row: list[str] | None = None
        self.feed(html)
        self.text = " ".join(self.text.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        self.addresses += [v for k, v in given.items() if k in ("src", "href", "xlink:href")]
        if tag == "table":
            self.cells[given["id"]] = {}
        elif tag == "tr":
            row: list[str] = []
            self._row = row
            list(self.cells.values())[-1][given.get("data-row", "")] = row
        elif tag in ("td", "th") and self._row is not None:
            self._row.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "tr":
            self._row = None

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._row:
            self._row[-1] += data
