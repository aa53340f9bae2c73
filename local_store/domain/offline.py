"""What may be done while HQ is away, and how old what it said may be: one table for rules, routes and pages. Pure.

The floor goes on for weeks without HQ. What it does is promised to HQ and told when it is back, so nearly everything
is allowed. Work that HQ gave is begun only while what HQ said of it is not too old, for it may have been called off.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal, NamedTuple

from local_store.domain.words import Answer, phrase, say

MS_PER_DAY = 86_400_000

HqState = Literal["unknown", "reachable", "unreachable", "paused"]


class Sight(NamedTuple):
    """What is seen of one HQ: whether it can be reached, and when it last told all it had.

    `heard_ms` is of the clock that never goes back, like `now_ms` below: what HQ said does not age by a set clock.
    """

    state: HqState = "unknown"
    heard_ms: int | None = None


class Rule(StrEnum):
    """What an operation needs of HQ."""

    ALWAYS = "always"  # it is recorded here, and told when HQ is back
    WHILE_FRESH = "while_fresh"  # while what HQ said is not older than the site allows
    NEEDS_HQ = "needs_hq"  # HQ itself has to answer


class Operation(NamedTuple):
    """One thing people do: in words, what it needs of HQ, and by which commands it is done."""

    name: str
    what: str
    rule: Rule
    commands: frozenset[str] = frozenset()


def _row(name: str, what: str, rule: Rule, *commands: str) -> Operation:
    return Operation(name, what, rule, frozenset(commands))


OPEN_WORK = _row(
    "open_work",
    "Begin a picklist or a parcel that HQ gave",
    Rule.WHILE_FRESH,
    "open",
    "picklist-start",
)
CONTRACT: tuple[Operation, ...] = (
    _row("sign_in", "Sign in and out; people of a bundle of badges, as long as it is good", Rule.ALWAYS,
         "sign-out", "pin-unlock"),
    OPEN_WORK,
    _row("scan", "Scan and key what open work needs", Rule.ALWAYS,
         "scan", "quantity", "serials", "set", "undo", "complete"),
    _row("pick", "Pick: short, skip, take from elsewhere, substitute, take more, put back, hand over", Rule.ALWAYS,
         "short", "skip", "replan", "picks-scan", "picks-adjust", "picks-rebin", "serials-assign", "lot-consume",
         "pick-substitute", "pick-over", "picklist-complete", "picklist-release", "picker-zone"),
    _row("pack", "Pack, weigh and seal parcels; their own labels are printed", Rule.ALWAYS,
         "parcel", "next-parcel", "repack", "confirm", "carton", "material", "measure", "photo", "weigh", "seal",
         "pack-session-open", "pack-record", "package-seal", "package-void", "shipment-request"),
    _row("own_labels", "Print, reprint, void and answer for labels of our own", Rule.ALWAYS,
         "label-decision", "label-reprint", "label-void", "label-print", "goods-label"),
    _row("carrier_label", "Get a carrier's label: the sealed parcel waits for it", Rule.NEEDS_HQ),
    _row("load", "Load, close manifests, announce goods, close the day", Rule.ALWAYS,
         "manifest-open", "parcel-unload", "manifest-close", "notice-make", "vendor-ship", "day-close"),
    _row("receive", "Receive, correct, put away and move goods", Rule.ALWAYS,
         "receipt-record", "receipt-correct", "inbound-allow", "inbound-close", "inbound-reject", "inbound-reopen",
         "stock-move"),
    _row("count", "Count, and correct stock", Rule.ALWAYS,
         "stock-count", "stock-adjust", "count-plan", "count-request", "count-settle"),
    _row("returns", "Take returns in, inspect them, send them back", Rule.ALWAYS,
         "return-create", "return-receive", "return-inspect", "return-complete", "return-ship-back"),
    _row("quality", "Inspect, hold and release goods", Rule.ALWAYS,
         "qc-start", "qc-record", "qc-resolve", "stock-hold", "stock-release"),
    _row("kits", "Build kits and take them apart", Rule.ALWAYS, "bill-record", "work-order-make", "kit-take-apart"),
    _row("arrange", "Give, prioritise and wave picklists", Rule.ALWAYS,
         "picklist-give", "picklist-assign", "picklist-prioritise", "wave-request"),
    _row("hand_tasks", "Make, take and do tasks by hand", Rule.ALWAYS, "task-create", "task-claim", "task-complete"),
    _row("exceptions", "Decide about work that HQ took back or changed", Rule.ALWAYS, "exception-decide"),
    _row("codes", "Link a code to a product", Rule.ALWAYS, "code-link", "code-unlink"),
    _row("devices", "Make a device known", Rule.ALWAYS, "device-register"),
    _row("repair", "Look at parked records, correct them, say that HQ was told", Rule.ALWAYS),
    _row("new_work", "Get new work, products and announcements", Rule.NEEDS_HQ),
    _row("new_numbers", "Get another block of parcel numbers", Rule.NEEDS_HQ),
    _row("call_hq", "Call, compare with, or try a record against HQ", Rule.NEEDS_HQ),
    _row("site_figures", "See figures of the whole site; this station's own are always there", Rule.NEEDS_HQ),
)  # fmt: skip
"""Every operation. A command stands in one row."""


WAITING: Mapping[str, str] = {
    "carrier_label": phrase("labels of carriers"),
    "new_work": phrase("new work"),
    "new_numbers": phrase("new parcel numbers"),
    "call_hq": phrase("what is looked up at HQ"),
    "site_figures": phrase("figures of the whole site"),
}
"""What waits for HQ, as people call it: each row that needs HQ."""


class Verdict(NamedTuple):
    """Whether an operation may be done now, until when (ms of the same clock), and a sentence for the person."""

    allowed: bool
    sentence: str
    until_ms: int | None = None


def verdict(operation: Operation, sight: Sight | None, now_ms: int, freshness_ms: int) -> Verdict:
    """What the table says of an operation; `sight` is None where no HQ is configured."""
    if operation.rule is Rule.ALWAYS:
        return Verdict(allowed=True, sentence="Allowed, with HQ or without.")
    if operation.rule is Rule.NEEDS_HQ:
        if sight is not None and sight.state == "reachable":
            return Verdict(allowed=True, sentence="Allowed while HQ can be reached, as it can now.")
        return Verdict(allowed=False, sentence="Waits until HQ can be reached.")
    refusal = too_old(sight, now_ms, freshness_ms)
    if refusal is not None:
        return Verdict(allowed=False, sentence=refusal.text)
    if sight is None or sight.heard_ms is None:
        return Verdict(allowed=True, sentence="Allowed: what is here was not given by an HQ that can be asked.")
    until_ms = sight.heard_ms + freshness_ms
    return Verdict(allowed=True, sentence="Allowed while what HQ said is not too old.", until_ms=until_ms)


def too_old(sight: Sight | None, now_ms: int, freshness_ms: int) -> Answer | None:
    """Why work of an HQ is not begun: what it said is too old. Work from files, of no HQ, is never too old."""
    if sight is None or sight.heard_ms is None or now_ms - sight.heard_ms <= freshness_ms:
        return None
    days, most = (now_ms - sight.heard_ms) // MS_PER_DAY, freshness_ms // MS_PER_DAY
    return say("work.too_old", days=days, most=most)
