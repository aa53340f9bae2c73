"""What is measured on every desk, at every size and in both themes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.async_api import Page

from tests.screens.axe import broken_rules

SIZES = {"1280x800": (1280, 800), "768x1024": (768, 1024), "360x640": (360, 640)}
LEAST_TARGET = 44
NOTHING_WRONG = {"small_text": [], "small_targets": [], "sideways": 0, "cut_off": [], "over_each_other": []}

MEASURE = """(least) => {
  const seen = (each) => each.checkVisibility({ visibilityProperty: true }) && each.getBoundingClientRect().width > 2;
  const all = [...document.querySelectorAll("body *")].filter(seen);
  const ownText = (each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
  const words = (found) => found.map((each) => each.textContent.slice(0, 60) || each.tagName);
  const size = (each) => each.getBoundingClientRect();
  const targets = all.filter((each) => each.matches("button, a, input, select"));
  const style = (each) => getComputedStyle(each);
  const scrolls = (each) => each.closest(".wire, pre");
  const isBox = (each) => each.clientWidth > 0 && style(each).display !== "inline";
  const isCut = (each) => isBox(each) && each.scrollWidth > each.clientWidth + 2;
  const over = (one, other) => {
    const [a, b] = [size(one), size(other)];
    return a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  };
  return {
    small_text: words(all.filter((each) => ownText(each) && parseFloat(style(each).fontSize) < 16)),
    small_targets: words(targets.filter((each) => size(each).height < least)),
    sideways: Math.max(0, document.documentElement.scrollWidth - innerWidth),
    cut_off: words(all.filter((each) => ownText(each) && !scrolls(each) && isCut(each))),
    over_each_other: words(targets.filter((each, at) => targets.slice(at + 1).some((other) => over(each, other)))),
  };
}"""


async def measured(page: Page) -> dict[str, Any]:
    """What is wrong with the page as it is drawn now."""
    found: dict[str, Any] = await page.evaluate(MEASURE, LEAST_TARGET)
    return found


async def picture(page: Page, folder: Path, name: str, rules: str) -> None:
    """The whole page, in both themes and every size; nothing may be wrong with any. `rules`: as `broken_rules`."""
    for theme in ("light", "dark"):
        await page.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        for size, (width, height) in SIZES.items():
            await page.set_viewport_size({"width": width, "height": height})
            await page.screenshot(path=folder / f"{name}_{theme}_{size}.png", full_page=True)
            assert await measured(page) == NOTHING_WRONG, (theme, size)
        broken = await broken_rules(page, rules)
        assert broken == [], f"{theme}: {broken}"
