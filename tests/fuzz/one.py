"""One parser under atheris: `python -m tests.fuzz.one NAME CORPUS [libFuzzer options]`."""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["devices"]):
    from tests.fuzz.parsers import try_one


def main() -> None:
    """Never returns: libFuzzer ends the process."""
    name = sys.argv.pop(1)
    atheris.Setup(sys.argv, lambda data: try_one(name, data))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
