"""A print queue of this machine (CUPS), through the package `zebra`, which by itself hides every failure.

`Zebra.output()` ignores what `lpr` returns, its texts go out in code page 437, and its list of queues is empty when
the list cannot be had (device_protocols 9.6). Here each failure is a PrintQueueFault and texts go out as UTF-8. Its
set-up commands (`setup`, `autosense`, `print_config_label`, `reset`) are EPL2: for printers that speak it, not ZPL.
"""

from __future__ import annotations

import os
import re
import subprocess

from zebra import Zebra

RUN_S = 20.0
MAX_SAID = 200
MAX_DOTS = 15_000

_QUEUE = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_.\-]{0,126}")


class PrintQueueFault(Exception):  # noqa: N818 -- the sentence is what it is
    """A queue did not take what it was given: what happened, and what to do."""

    def __init__(self, sentence: str, next_step: str) -> None:
        super().__init__(f"{sentence} {next_step}")
        self.sentence, self.next_step = sentence, next_step


class RawQueue(Zebra):
    """One queue, to which bytes go as they are. Each method blocks, at most RUN_S, and raises PrintQueueFault."""

    def output(self, commands: str | bytes, encoding: str = "utf-8") -> None:
        """Print `commands`; a text goes out as UTF-8. An unknown part is printed when it fails."""
        if self.queue is None or not _QUEUE.fullmatch(self.queue):
            raise PrintQueueFault(
                f"There is no print queue named {self.queue!r}.", "Name one that `lpstat -p` shows."
            )
        self._output_unix(commands if isinstance(commands, bytes) else commands.encode(encoding))

    def setup(
        self,
        direct_thermal: bool | None = None,  # noqa: FBT001 -- as the package has it
        label_height: tuple[int, int] | None = None,
        label_width: int | None = None,
    ) -> None:
        """EPL2: direct thermal or not, label height and gap in dots, label width in dots; what is None stays."""
        dots = (*(label_height or ()), *(() if label_width is None else (label_width,)))
        if not all(0 <= each <= MAX_DOTS for each in dots) or len(label_height or (0, 0)) != 2:  # noqa: PLR2004
            raise PrintQueueFault(
                f"A label has 0 to {MAX_DOTS} dots (got height and gap {label_height}, width {label_width}).",
                "Measure the label and its gap; 203 dpi are 8 dots a millimetre.",
            )
        super().setup(direct_thermal, label_height, label_width)  # type: ignore[no-untyped-call]

    def why_not(self) -> tuple[str, str] | None:
        """Why a label given to it now would not be printed at once, as (what, what to do); None when it would."""
        state = self._said("lpstat", "-p", str(self.queue))
        if " is idle" in state:
            return None
        if "disabled" in state:
            return (
                f"The print queue '{self.queue}' is stopped.",
                f"See that the printer is on and connected, then start the queue (`sudo cupsenable {self.queue}`).",
            )
        return (
            f"The print queue '{self.queue}' is still busy with another job.",
            f"Let it finish, or cancel what is in it (`cancel -a {self.queue}`).",
        )

    def _output_unix(self, commands: bytes) -> None:
        self._run("lp", "-d", self.queue, "-o", "raw", "-s", "--", given=commands)

    def _getqueues_unix(self) -> list[str]:
        """Every queue of this machine; empty when there is none."""
        done = self._run("lpstat", "-p", check=False)
        lines = done.stdout.decode("utf-8", "replace").splitlines()
        if done.returncode != 0 and b"No destinations added" not in done.stderr:
            raise self._failed("lpstat", done)
        return [line.split(" ")[1] for line in lines if re.match(r"printer \S", line)]

    def _said(self, *command: str) -> str:
        return self._run(*command).stdout.decode("utf-8", "replace")

    def _run(self, *command: str, given: bytes = b"", check: bool = True) -> subprocess.CompletedProcess[bytes]:
        try:
            done = subprocess.run(  # noqa: S603 -- no shell, and the queue's name holds letters, digits, dots and dashes
                command,
                input=given,
                capture_output=True,
                timeout=RUN_S,
                check=False,
                env={**os.environ, "LC_ALL": "C"},
            )
        except FileNotFoundError as error:
            raise PrintQueueFault(
                f"This machine has no print queues: the program {command[0]} is not installed.",
                "Install CUPS' client (`sudo apt install cups-client`), or connect the printer in another way.",
            ) from error
        except subprocess.TimeoutExpired as error:
            raise PrintQueueFault(
                f"The print system did not answer {command[0]} within {RUN_S:g} s.",
                "See whether CUPS runs (`systemctl status cups`).",
            ) from error
        if check and done.returncode != 0:
            raise self._failed(command[0], done)
        return done

    def _failed(self, program: str, done: subprocess.CompletedProcess[bytes]) -> PrintQueueFault:
        said = " ".join(done.stderr.decode("utf-8", "replace").split())[:MAX_SAID]
        return PrintQueueFault(
            f"{program} failed with {done.returncode}: {said!r}.", "See what `lpstat -p` says of the queue."
        )
