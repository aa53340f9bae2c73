"""The rules of accessibility that every page is held to, by axe-core."""

from __future__ import annotations

from playwright.async_api import Page

RUN_AXE = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await axe.run(document, { runOnly: tags, resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(" ")}`));
}"""


async def broken_rules(page: Page, rules: str) -> list[str]:
    """Each rule that the page breaks as it stands now, and where. `rules`: the text of axe-core."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(rules)
    found: list[str] = await page.evaluate(RUN_AXE)
    return found
