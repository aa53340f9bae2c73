"""What the station's own routes answer, as models. The document of the API is made of them; tests hold them true."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict

from web.routes import Shape


class Health(Shape):
    """The agent answers and its store can be read."""

    status: str
    version: str


class Workplace(Shape):
    """A workplace and its kind of work."""

    workplace: str
    work: str


class Workplaces(Shape):
    """All of this station, and the language it speaks while nobody is signed in."""

    station: str
    language: str
    workplaces: list[Workplace]


class Said(Shape):
    """An answer to a command as the screens get it; `tone` is `refused` for a refusal of the floor."""

    number: int
    command_id: str | None
    tone: str
    code: str
    text: str
    at: str


class SaidAnswer(Shape):
    """The answer to a floor command."""

    answer: Said


class Who(Shape):
    """Who is signed in."""

    worker_id: str
    name: str


class Device(Shape):
    """A device as a workplace shows it."""

    name: str
    kind: str
    state: str
    sentence: str
    next_step: str


class Lane(Shape):
    """An HQ: is it reachable, and what waits for it. Times are RFC 3339 in UTC.

    `offline` says, while it is away, until when its work may be begun and what waits for it.
    """

    lane: str
    state: str
    since: str | None
    sentence: str
    offline: list[str]
    reason: str
    unsent: int
    oldest_unsent_at: str | None
    parked: int
    not_deliverable: int


class ProblemOpen(Shape):
    """Something a person may have to do something about."""

    problem_id: str
    sentence: str
    next_step: str
    since: str


class ExceptionWaiting(Shape):
    """Work that HQ took back or changed, and the steps a supervisor chooses from."""

    exception_id: str
    work: str
    id: str
    sentence: str
    state: str
    proposed: str | None
    steps: list[str]


class Exceptions(Shape):
    """Those that wait, oldest first."""

    exceptions: list[ExceptionWaiting]


class Fact(Shape):
    """Something to compare the goods with; `code`: it is told letter by letter."""

    label: str
    value: str
    code: bool


class Next(Shape):
    """The one thing to do next: `do` for programs, the rest for the person; `picture`: there is one of `code`."""

    do: str
    headline: str
    detail: str
    amount: str
    code: str
    facts: list[Fact]
    picture: bool


class View(Shape):
    """What a screen of a workplace shows; each kind of work has more members of its own."""

    model_config = ConfigDict(extra="allow")
    workplace: str
    work: str
    station: str
    language: str
    training: bool
    same_scan_ms: int
    worker: Who | None
    devices: list[Device]
    lanes: list[Lane]
    problems: list[ProblemOpen]
    exceptions: list[ExceptionWaiting]
    answer: Said | None
    next: Next
    choices: list[dict[str, Any]]
    actions: list[dict[str, Any]]


class DeviceState(Shape):
    """A device as `status` shows it."""

    kind: str
    state: str
    sentence: str
    next_step: str


class Status(Shape):
    """The station in one answer, for the command line and monitoring."""

    station: str
    version: str
    facts: int
    epoch: int
    disk: dict[str, Any]
    store: dict[str, Any]
    identity: dict[str, Any]
    devices: dict[str, DeviceState]
    lanes: list[Lane]
    problems: list[ProblemOpen]


class KnownDevice(Shape):
    """A device of edge.toml, and what it can be told."""

    driver: str
    kind: str
    state: str
    sentence: str
    next_step: str
    commands: list[str]


class Devices(Shape):
    """All of them, by name."""

    devices: dict[str, KnownDevice]


class Done(Shape):
    """What was done."""

    done: str


class BenchDevice(Shape):
    """A simulated device."""

    name: str
    kind: str
    plugged: bool
    faults: list[str]
    fault: str | None
    load_g: int | None


class Suggestion(Shape):
    """A code that could be scanned now."""

    code: str
    label: str


class BenchLabel(Shape):
    """A label that came out of the simulated printer."""

    number: int
    zpl: str
    at: str


class BenchDevices(Shape):
    """The bench: its devices, what could be scanned now, and the last labels."""

    devices: list[BenchDevice]
    suggestions: list[Suggestion]
    labels: list[BenchLabel]


class LinkedCode(Shape):
    """A code that counts as `multiplier` of a product."""

    code: str
    sku: str
    multiplier: int


class LinkedCodes(Shape):
    """All that were linked at this station."""

    codes: list[LinkedCode]


class KeptFile(Shape):
    """A file that is kept here: its SHA-256 in hex and what it is about."""

    sha256: str
    of: str


class Settled(Shape):
    """What was settled."""

    settled: str


class Parked(Shape):
    """A fact that HQ refused, and its reason."""

    seq: int
    entity: str
    kind: str
    reason: str | None


class AllParked(Shape):
    """At most 500 of them, oldest first."""

    parked: list[Parked]


class Retried(Shape):
    """How many facts are sent again."""

    retried: int


class SettledFacts(Shape):
    """How many facts HQ was told of by other means."""

    settled: int


class Learned(Shape):
    """How many names of HQ were learned."""

    learned: int


class Call(Shape):
    """A call that may be made by hand."""

    method: str
    path: str
    summary: str
    has_body: bool


class Calls(Shape):
    """All of this HQ, by name."""

    calls: dict[str, Call]


class Reply(Shape):
    """What HQ said, as it said it."""

    status: int
    body: Any


class Planned(Shape):
    """What would become of facts of one entity: a request, or a sentence why none is made."""

    entity: str
    kinds: list[str]
    request: dict[str, Any] | None
    sentence: str
    refusal: bool


class RefusalToCome(Shape):
    """A refusal that is there, or to be expected."""

    entity: str
    kind: str
    sentence: str | None


class DryRun(Shape):
    """What would be sent now; `more` facts wait beyond."""

    sending: list[Planned]
    more: int
    news: list[str]
    refusals: list[RefusalToCome]


class Difference(Shape):
    """One figure that differs; None where the order or product is on one side only. Quantities as decimal text."""

    order_id: str
    sku: str
    what: str
    here: str | None
    there: str | None
    unsent: bool


class Reconciled(Shape):
    """How many lines were compared, how many differ, and the first of these."""

    lines: int
    differing: int
    differences: list[Difference]


class Slip(Shape):
    """What became of a slip: `printed`, `uncertain` or `not_printed`."""

    result: str
    sentence: str
    next_step: str
    printer: str


class SlipAnswer(Shape):
    """The answer to a slip that was asked for."""

    slip: Slip


class BadLine(Shape):
    """A line of a file that could not be taken in: its number from 1 (0 for the file), member, value, sentence."""

    line: int
    place: str
    value: str
    message: str


class TakenIn(Shape):
    """How many lines were read, used and refused, and the first of these."""

    lines: int
    used: int
    refused: int
    bad: list[BadLine]
