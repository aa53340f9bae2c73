"""`python -m tests.support.skips`: say before the tests run what they will leave out, and why."""

from __future__ import annotations

from tests.support.needs import REQUIRE_ALL, missing


def main() -> None:
    """Print one line for each thing that is missing."""
    for name in missing():
        verdict = "its tests will FAIL (EDGE_REQUIRE_ALL=1)" if REQUIRE_ALL else "its tests will be skipped"
        print(f"missing: {name}: {verdict}")


if __name__ == "__main__":
    main()
