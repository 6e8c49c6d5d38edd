"""Every page with an analysis open, light and dark, looked at by axe-core."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from humanpose.server.entry import Entry
from tests.support.browser import wait_for_viewer, watched

_LIMIT_MS = 120_000
_HEIGHT = 900
_WIDTHS = (1440, 1024, 390)
_PAGES = ("", "people", "batch", "explore", "compare", "report", "quality", "models",
          "export")  # fmt: skip
_SETTLED = """() => new Promise((done) => {
  let rests;
  const wait = () => { clearTimeout(rests); rests = setTimeout(end, 300); };
  const watch = new MutationObserver(wait);
  const end = () => {
    if (document.getAnimations().some((one) => one.playState === "running")) return wait();
    watch.disconnect();
    done();
  };
  watch.observe(document, { subtree: true, childList: true, attributes: true });
  wait();
})"""
"""Until nothing on the page has moved for a while."""
_STREAMLIT_S = {
    "label": ["[data-testid=stFileUploaderDropzoneInput]"],  # hidden; its button has a name
    "aria-allowed-attr": ["section[data-testid=stSidebar]"],  # of a narrow window
}
"""Findings in what Streamlit draws and we cannot change: rule → within these selectors."""
_FINDINGS = """async (excepted) => {
  const { violations } = await axe.run({ resultTypes: ["violations"], iframes: false });
  const findings = [];
  for (const { id, impact, nodes } of violations) {
    if (impact !== "serious" && impact !== "critical") continue;
    for (const { target, html, failureSummary } of nodes) {
      const place = target.flat().reduce(
        (root, selector) => (root.shadowRoot ?? root).querySelector(selector), document);
      if ((excepted[id] ?? []).some((selector) => place.closest(selector))) continue;
      findings.push(`${id} (${impact}): ${html.slice(0, 200)} ${failureSummary}`);
    }
  }
  return findings;
}"""


def findings(page: Page) -> list[str]:
    """What axe-core calls serious or critical, in light and dark, from a desk to a phone."""
    found = []
    page.evaluate(AXE_SCRIPT)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        for width in _WIDTHS:
            page.set_viewport_size({"width": width, "height": _HEIGHT})
            page.evaluate(_SETTLED)
            found += [
                f"{scheme}, {width} px: {line}"
                for line in page.evaluate(_FINDINGS, _STREAMLIT_S)
            ]
    return found


@pytest.mark.parametrize("name", _PAGES)
def test_no_page_keeps_anybody_out(chromium: Page, url: str, entry: Entry, name: str) -> None:
    with watched(chromium) as page:
        page.goto(f"{url}/{name}?a={entry.about.link}")
        if name in ("explore", "compare"):
            wait_for_viewer(page, timeout_ms=_LIMIT_MS)
        page.wait_for_selector('[data-test-script-state="notRunning"]', timeout=_LIMIT_MS)
        assert findings(page) == []


def test_the_saved_report_keeps_nobody_out(chromium: Page, url: str, entry: Entry) -> None:
    with watched(chromium) as page:
        page.goto(f"{url}/report?a={entry.about.link}")
        page.get_by_role("link", name="Open to print").wait_for(timeout=_LIMIT_MS)
        page.goto(f"{url}/reports/{entry.about.link}.html")
        assert findings(page) == []
