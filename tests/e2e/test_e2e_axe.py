"""Every page with an analysis open, light and dark, looked at by axe-core."""

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from humanpose.server.entry import Entry
from tests.support.browser import wait_for_viewer, watched

_LIMIT_MS = 120_000
_REDRAWN_MS = 1_500
_STREAMLIT_S = {
    "label": ["[data-testid=stFileUploaderDropzoneInput]"],  # hidden; its button has a name
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
    """What axe-core calls serious or critical, in light and in dark."""
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.wait_for_timeout(_REDRAWN_MS)
        page.evaluate(AXE_SCRIPT)
        found += [f"{scheme}: {line}" for line in page.evaluate(_FINDINGS, _STREAMLIT_S)]
    return found


@pytest.mark.parametrize(
    "name",
    ["", "people", "batch", "explore", "compare", "report", "quality", "models", "export"],
)
def test_no_page_keeps_anybody_out(chromium: Page, url: str, entry: Entry, name: str) -> None:
    with watched(chromium) as page:
        page.goto(f"{url}/{name}?a={entry.link}")
        if name in ("explore", "compare"):
            wait_for_viewer(page, timeout_ms=_LIMIT_MS)
        page.wait_for_selector('[data-test-script-state="notRunning"]', timeout=_LIMIT_MS)
        assert findings(page) == []


def test_the_saved_report_keeps_nobody_out(chromium: Page, url: str, entry: Entry) -> None:
    with watched(chromium) as page:
        page.goto(f"{url}/report?a={entry.link}")
        page.get_by_role("link", name="Open to print").wait_for(timeout=_LIMIT_MS)
        page.goto(f"{url}/reports/{entry.link}.html")
        assert findings(page) == []
