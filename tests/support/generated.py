"""Tables and lists in the documentation that a test writes: a page that says something else fails it.

`EDGE_WRITE_DOCS=1 make test` puts the new table into the page instead.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path


def check_table(page: Path, name: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """The table between the marks `<!-- name -->` and `<!-- /name -->` of `page` is this one."""
    lines = [head, ["---"] * len(head), *rows]
    check_part(page, name, "".join(f"| {' | '.join(line)} |\n" for line in lines))


def check_part(page: Path, name: str, part: str) -> None:
    """What stands between the marks `<!-- name -->` and `<!-- /name -->` of `page` is `part`."""
    text = page.read_text(encoding="utf-8")
    begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
    before, _, rest = text.partition(begin)
    shown, _, after = rest.partition(end)
    if os.environ.get("EDGE_WRITE_DOCS"):
        page.write_text(before + begin + part + end + after, encoding="utf-8")
        return
    assert shown == part, f"{page.name} is behind: run the test with EDGE_WRITE_DOCS=1 and look at what it wrote"
