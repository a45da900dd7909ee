"""Every page in every language: legible, nothing beyond the edge of a phone, everything named for a screen reader."""

from __future__ import annotations

import re

import pytest

from cli.review.roles import Role
from tests.cli.browsing import LAPTOP, PHONE, Served, chromium, served
from tests.cli.reviewing import fake_reader, filled

pytest.importorskip("playwright.sync_api", reason="the Python package playwright is not here")

from playwright.sync_api import Page, expect

__all__ = ["chromium", "fake_reader", "filled", "served"]

LEAD_PAGES = (
    "/",
    "/findings",
    "/official",
    "/queue",
    "/people",
    "/export",
    "/upload",
    "/district/smd-27",
    "/gone",
)

# WCAG 2.2 1.4.3: 4.5 to 1, large text 3 to 1, of what is really on the screen.
CONTRAST = """() => {
  const rgb = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const lum = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const color = rgb(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const node of document.querySelectorAll("body *")) {
    const own = [...node.childNodes].some((child) => child.nodeType === 3 && child.textContent.trim());
    if (!own || !node.checkVisibility()) continue;
    const style = getComputedStyle(node);
    const [one, two] = [lum(rgb(style.color)), lum(behind(node))];
    const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) poor.push(`${node.textContent.trim().slice(0, 30)}: ${ratio.toFixed(2)}`);
  }
  return poor;
}"""
UNNAMED = """() => [...document.querySelectorAll("input:not([type=hidden]), select, button, a, img, progress, summary")]
  .filter((node) => node.checkVisibility())
  .filter((node) => !(node.labels?.length || node.getAttribute("aria-label") || node.getAttribute("aria-labelledby")
    || node.textContent.trim() || node.hasAttribute("alt") || node.querySelector("img[alt]:not([alt=''])")))
  .map((node) => node.outerHTML.slice(0, 90))"""
SMALL = """() => [...document.querySelectorAll("button, .button, #sheet input:not([type=hidden]), select")]
  .filter((node) => node.checkVisibility())
  .map((node) => [node, node.getBoundingClientRect()])
  .filter(([, box]) => box.width < 24 || box.height < 24)
  .map(([node]) => node.outerHTML.slice(0, 90))"""


def look(page: Page, where: str) -> list[str]:
    """What is wrong with the page as it is shown."""
    found = [f"{where}: {one}" for script in (CONTRAST, UNNAMED, SMALL) for one in page.evaluate(script)]
    beyond = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if beyond > 0:
        found.append(f"{where}: {beyond} px beyond the edge")
    if page.locator("h1").count() != 1:
        found.append(f"{where}: not one heading")
    if "built-in method" in page.content() or "Undefined" in page.content():
        found.append(f"{where}: a text is missing")
    return found


@pytest.mark.parametrize(("lang", "scheme"), [("kk", "light"), ("ru", "dark"), ("en", "light")])
def test_every_page_is_legible_on_a_phone(served: Served, lang: str, scheme: str) -> None:
    lead = served.enter("Жетекші", Role.LEAD, PHONE, color_scheme=scheme)
    typist = served.enter("Айгүл", Role.REVIEWER, PHONE, color_scheme=scheme)
    wrong = []
    lead.goto(f"/lang/{lang}")
    for path in LEAD_PAGES:
        lead.goto(path)
        wrong += look(lead, path)
    lead.goto("/district/smd-27")
    for kind in ("/precinct/", "/photo/"):
        lead.goto(lead.locator(f"main a[href^='{kind}']").first.get_attribute("href") or "")
        wrong += look(lead, kind)
    typist.goto(f"/lang/{lang}")
    typist.locator("form[action='/next'] button").first.click()
    typist.wait_for_url(re.compile("/task/"))
    wrong += look(typist, "/task")

    assert wrong == []
    assert [one for one in served.complaints if "404" not in one] == []


def test_a_laptop_shows_page_and_rows_side_by_side(served: Served) -> None:
    typist = served.enter("Aigul", Role.REVIEWER, LAPTOP)
    typist.locator("form[action='/next'] button").first.click()
    typist.wait_for_url(re.compile("/task/"))

    page, rows = typist.locator(".page img").bounding_box(), typist.locator("#sheet").bounding_box()
    assert page is not None
    assert rows is not None
    assert page["x"] + page["width"] <= rows["x"]
    assert look(typist, "/task") == []


def test_the_language_changes_where_one_is_and_stays(served: Served) -> None:
    reader = served.enter("Reader", Role.READER)
    reader.goto("/findings")
    for lang, heading in (("kk", "Байқаулар"), ("ru", "Наблюдения"), ("en", "Findings")):
        reader.locator(f".langs a[hreflang='{lang}']").click()
        expect(reader.get_by_role("heading", level=1)).to_have_text(heading)
        assert reader.url == f"{served.base}/findings"
        assert reader.locator("html").get_attribute("lang") == lang
    reader.goto("/official")
    expect(reader.get_by_role("heading", level=1)).to_have_text("Official")
    for back in ("//evil.example", "https://evil.example", "/\\evil.example", "/%5Cevil", "/../.."):
        answer = reader.context.request.get(f"/lang/en?back={back}", max_redirects=0)
        assert answer.headers["location"] in ("/", "/../..")
