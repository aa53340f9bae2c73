"""Every sentence the floor says, by code, each with the tone that decides its colour, shape and sound."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, NamedTuple


class Tone(StrEnum):
    """What an answer means to somebody who does not look: see the sound table of the screens."""

    COUNTED = "counted"
    LINE_DONE = "line_done"
    LIST_DONE = "list_done"
    REFUSED = "refused"
    ASK = "ask"
    NOTE = "note"


class Answer(NamedTuple):
    """What the worker is told about one command."""

    tone: Tone
    code: str
    text: str


_SENTENCES: dict[str, tuple[Tone, str]] = {
    # people
    "worker.signed_in": (Tone.COUNTED, "Hello {name}."),
    "worker.signed_out": (Tone.NOTE, "{name} is signed out."),
    "worker.already": (Tone.NOTE, "{name} is signed in here already."),
    "worker.none": (Tone.REFUSED, "Nobody is signed in here. Scan your badge first."),
    "worker.busy": (Tone.REFUSED, "{name} has {work} open here. Finish it or sign {name} out first."),
    "worker.role": (Tone.REFUSED, "{name} may not {work}. Ask a supervisor for the role {role}."),
    "worker.leaves_work": (Tone.NOTE, "{name} is signed out. {work} stays open here for the next badge."),
    # any scan
    "scan.unknown": (
        Tone.REFUSED,
        "{code} is not known here. Check the label and scan {wanted}, or ask a supervisor to link the code.",
    ),
    "scan.two_codes": (
        Tone.REFUSED,
        (
            "Two codes came in one scan ({code}) and nothing was counted. Scan one after the other; if this comes "
            "again, the scanner must be set to send Enter after each code."
        ),
    ),
    "scan.many_ways": (
        Tone.ASK,
        (
            "This code can be read in {number} ways ({ways}) and nothing was counted. Scan the other code of the "
            "label or key it in; if this comes often, the scanner must be set to send GS (FNC1)."
        ),
    ),
    "scan.no_separators": (
        Tone.ASK,
        (
            "This code can be read in too many ways without its separators ({code}), and nothing was counted. Scan "
            "the other code of the label or key it in; the scanner must be set to send GS (FNC1)."
        ),
    ),
    "scan.contradicts": (
        Tone.REFUSED,
        "This code is damaged or made wrong: {fault} ({code}). Scan it again, or the other code of the label.",
    ),
    "scan.unknown_case": (
        Tone.REFUSED,
        (
            "{code} is a case of {item}, but nobody here knows how many are in it. Scan the items, or ask a "
            "supervisor to link the code."
        ),
    ),
    "scan.not_for": (Tone.REFUSED, "{code} is {thing}. Scan {wanted}."),
    "scan.unreadable": (Tone.REFUSED, "{device} sent something that is no code ({why}: {raw}). Scan again."),
    "scan.not_kept": (
        Tone.REFUSED,
        "{code} could not be stored. Look whether it is counted, and scan it again if it is not.",
    ),
    # linking a code to a product
    "link.badge": (Tone.REFUSED, "This badge is not known here. A supervisor scans theirs to link a code."),
    "link.role": (Tone.REFUSED, "{name} may not link codes. Ask a supervisor."),
    "link.is_badge": (Tone.REFUSED, "This is a badge, and no code of a product."),
    "link.no_product": (Tone.REFUSED, "There is no product {sku} here. Look its number up in the list."),
    "link.known": (Tone.REFUSED, "{code} is {thing} already. Nothing was changed."),
    "link.other": (
        Tone.REFUSED,
        "{code} is linked to {multiplier} of {item} already. Take that link away first.",
    ),
    "link.already": (Tone.NOTE, "{code} counts as {multiplier} of {item} already."),
    "link.done": (Tone.NOTE, "{code} counts as {multiplier} of {item} from now on."),
    "link.none": (Tone.REFUSED, "{code} was not linked here, so there is no link to take away."),
    "link.undone": (Tone.NOTE, "{code} counts as nothing any more. It was {multiplier} of {item}."),
    # picking
    "pick.none": (Tone.REFUSED, "No picklist is open. Scan a picklist or choose one."),
    "pick.opened": (Tone.COUNTED, "{picklist} is open: {lines} lines. Go to {location}."),
    "pick.already": (Tone.NOTE, "{picklist} is open already."),
    "pick.other_open": (Tone.REFUSED, "{open} is open. Complete it before {picklist}."),
    "pick.elsewhere": (Tone.REFUSED, "{picklist} is in progress at {workplace}. Choose another one."),
    "pick.finished": (Tone.REFUSED, "{picklist} is completed already. Choose another one."),
    "pick.unknown": (Tone.REFUSED, "{picklist} is not known here. Choose one from the list."),
    "pick.at": (Tone.COUNTED, "{location} is right. Scan {item}."),
    "pick.wrong_location": (Tone.REFUSED, "This is {location}. Go to {wanted} and scan it."),
    "pick.scan_location": (Tone.REFUSED, "Scan the location {wanted} before the item."),
    "pick.wrong_item": (
        Tone.REFUSED,
        "This is {got}. {picklist} needs {item} from here. Put it back and scan {item}.",
    ),
    "pick.not_on_list": (Tone.REFUSED, "{got} is not on {picklist}. Put it back and scan {item}."),
    "pick.item_elsewhere": (
        Tone.REFUSED,
        "{got} is to be taken from {wanted}, and you are at {location}. Put it back; here it is {item}.",
    ),
    "pick.counted": (Tone.COUNTED, "{item}: {picked} of {qty}."),
    "pick.line_done": (Tone.LINE_DONE, "{item}: {qty} of {qty}. Line done."),
    "pick.all_done": (Tone.LINE_DONE, "{item}: {qty} of {qty}. All lines are done: complete {picklist}."),
    "pick.too_many": (Tone.REFUSED, "{item}: only {qty} are wanted and {picked} are counted. Put {extra} back."),
    "pick.line_full": (Tone.REFUSED, "{got} is complete on {picklist}. Put it back and scan {item}."),
    "pick.skipped": (Tone.NOTE, "{item} comes back later. Go to {location}."),
    "pick.short": (Tone.LINE_DONE, "{item}: {missing} short ({reason}). Go on."),
    "pick.nothing_left": (Tone.REFUSED, "All lines are through. Complete {picklist}."),
    "pick.undone": (Tone.NOTE, "Taken back: {item} is at {picked} of {qty}."),
    "pick.nothing_to_undo": (Tone.REFUSED, "Nothing was counted on {picklist} yet. Scan an item first."),
    "pick.open_lines": (Tone.REFUSED, "{open} of {lines} lines are still open. Pick them or mark them short."),
    "pick.completed": (Tone.LIST_DONE, "{picklist} is complete. Confirmation {confirmation}."),
    "pick.tote": (Tone.COUNTED, "Tote {tote} is for order {order}."),
    "pick.tote_taken": (Tone.REFUSED, "Tote {tote} already holds order {order}. Take another tote."),
    # packing
    "pack.none": (Tone.REFUSED, "No parcel is open. Scan a tote or an order."),
    "pack.opened": (Tone.COUNTED, "Order {order}: {lines} lines to verify. Scan {item}."),
    "pack.already": (Tone.NOTE, "Order {order} is open already."),
    "pack.other_open": (Tone.REFUSED, "Order {open} is open. Seal it before {order}."),
    "pack.not_picked": (Tone.REFUSED, "Order {order} is not picked yet. Take another tote."),
    "pack.elsewhere": (Tone.REFUSED, "Order {order} is being packed at {workplace}. Take another tote."),
    "pack.packed": (Tone.REFUSED, "Order {order} is packed already. Take another tote."),
    "pack.nothing_picked": (Tone.REFUSED, "Nothing was picked for order {order}. Take the tote to a supervisor."),
    "pack.unknown": (Tone.REFUSED, "{id} is not known here. Scan a tote or an order."),
    "pack.not_in_order": (Tone.REFUSED, "{got} is not in order {order}. Put it aside and scan {item}."),
    "pack.counted": (Tone.COUNTED, "{item}: {packed} of {qty}."),
    "pack.line_done": (Tone.LINE_DONE, "{item}: {qty} of {qty}. Line done."),
    "pack.all_done": (Tone.LINE_DONE, "Everything is in. Close the box and put it on the scale."),
    "pack.too_many": (Tone.REFUSED, "{item}: only {qty} belong in and {packed} are counted. Take {extra} out."),
    "pack.line_full": (Tone.REFUSED, "{got} is complete in order {order}. Take it out and scan {item}."),
    "pack.nothing_left": (Tone.REFUSED, "Everything is in. Weigh the parcel."),
    "pack.undone": (Tone.NOTE, "Taken back: {item} is at {packed} of {qty}."),
    "pack.nothing_to_undo": (Tone.REFUSED, "Nothing was counted into this parcel yet. Scan an item first."),
    "pack.not_verified": (Tone.REFUSED, "{open} of {lines} lines are not verified yet. Scan {item}."),
    "pack.weighed": (Tone.COUNTED, "{weight}. Seal the parcel."),
    "pack.not_weighed": (Tone.REFUSED, "The parcel is not weighed yet. Put it on the scale and weigh."),
    "pack.wrong_weight": (
        Tone.ASK,
        (
            "The scale says {weight}, the contents should weigh {expected} ± {tolerance}. "
            "Check what is in the box, then weigh again or give a reason."
        ),
    ),
    "pack.sealed": (Tone.LIST_DONE, "Order {order} is sealed. Its label {sscc} is on the way."),
    "pack.sealed_numbered": (
        Tone.LIST_DONE,
        "Order {order} is sealed as {package}. Its label {sscc} is on the way.",
    ),
    "pack.no_numbers": (
        Tone.REFUSED,
        (
            "No {what} numbers are left here. Put the parcel aside and tell IT: "
            "HQ gives them, or numbers.{kind} in edge.toml."
        ),
    ),
    # scale
    "scale.none": (Tone.REFUSED, "No scale gave a weight. Check that it is on and connected, then weigh again."),
    "scale.moving": (Tone.REFUSED, "The scale is not at rest. Let go of the parcel and weigh again."),
    "scale.old": (Tone.REFUSED, "The scale gave no new weight since you asked. Weigh again."),
    "scale.over": (Tone.REFUSED, "The parcel is too heavy for the scale. Use a bigger one."),
    "scale.under": (Tone.REFUSED, "The scale is below zero. Empty it, zero it and weigh again."),
    "scale.fault": (Tone.REFUSED, "The scale reports a fault ({fault}). Switch it off and on, then weigh again."),
    "scale.not_emptied": (
        Tone.REFUSED,
        (
            "The scale has not been empty since the last parcel. Take the parcel off, wait for zero, put it on again "
            "and weigh."
        ),
    ),
    "scale.empty": (Tone.REFUSED, "The scale shows {weight}. Put the parcel on it and weigh again."),
    # labels
    "label.confirmed": (Tone.LINE_DONE, "Label {sscc} is on order {order}."),
    "label.known": (Tone.NOTE, "This is the label of order {order}."),
    "label.checked": (Tone.LINE_DONE, "Label {sscc} is on order {order}."),
    "label.still_waits": (Tone.NOTE, "Label {sscc} of order {order} waits to be printed."),
    "label.swapped": (
        Tone.REFUSED,
        (
            "This is the label of order {order}, and the box here is order {wanted}. "
            "Take it off, put label {wanted_sscc} on, and look for the box of order {order}."
        ),
    ),
    "label.other_came_out": (
        Tone.ASK,
        (
            "This is the label of order {order}: it came out. "
            "The box here is order {wanted}; scan label {wanted_sscc} on it."
        ),
    ),
    "label.voided_scan": (
        Tone.REFUSED,
        "Label {sscc} of order {order} was voided and must not be used. Destroy it.",
    ),
    "label.older_copy": (
        Tone.REFUSED,
        "This is an older label of order {order}. Destroy it, and scan the one marked COPY {copy}.",
    ),
    "label.check_first": (Tone.REFUSED, "Scan the label on the box of order {order} before you open another order."),
    "label.settle_first": (
        Tone.REFUSED,
        "Label {sscc} of order {order} is not on its box yet. Answer for it in the list of labels first.",
    ),
    "label.decided_out": (Tone.NOTE, "Label {sscc} counts as printed. Scan it when it is on the box."),
    "label.reprint": (
        Tone.NOTE,
        "Label {sscc} is printed again, marked COPY {copy}. Destroy the other one if it shows up.",
    ),
    "label.settled": (Tone.REFUSED, "Label {sscc} needs no decision: it is {state}."),
    "label.released": (Tone.NOTE, "Label {sscc} is printed now."),
    "label.discarded": (Tone.NOTE, "Label {sscc} is discarded. It stays in the list, in case it is wanted."),
    "label.no_reprint": (
        Tone.REFUSED,
        "Label {sscc} is {state}; only a label that came out can be printed again. Answer for it in the list.",
    ),
    "label.copy_waits": (
        Tone.REFUSED,
        "Another copy of label {sscc} is wanted already. Settle that one in the list of labels first.",
    ),
    "label.voided": (
        Tone.NOTE,
        "Label {sscc} is void, and its number is never used again. Destroy the label.",
    ),
    "label.no_void": (Tone.REFUSED, "Label {sscc} is {state}. Wait until that is over, then void it."),
    "label.no_number": (Tone.REFUSED, "Label {title} has no number to void. Throw it away."),
    "label.asked": (Tone.NOTE, "Label {title} is on the way."),
    "label.not_plain": (Tone.REFUSED, "{template} is no label that is printed by itself. There is {known}."),
    "label.unknown": (Tone.REFUSED, "There is no label job {job}. Look at the list of labels."),
    # work that HQ took back or changed
    "work.asks": (Tone.REFUSED, "{sentence} Nothing is counted here before a supervisor has decided."),
    "exception.badge": (Tone.REFUSED, "This badge is not known here. A supervisor scans theirs to decide."),
    "exception.role": (Tone.REFUSED, "{name} may not decide this. Ask a supervisor."),
    "exception.none": (Tone.REFUSED, "There is nothing called {exception} to decide. Look at the list again."),
    "exception.no_step": (Tone.REFUSED, "{choice} is not possible for {title}. Choose one of {offered}."),
    "exception.moved_on": (
        Tone.REFUSED,
        "{title} went on since this was asked: it is {stage} now. HQ is asked again; decide what is shown then.",
    ),
    "exception.label_busy": (
        Tone.REFUSED,
        "The label of {title} is on its way to the printer. Wait until that is over, then void it.",
    ),
    "exception.held": (Tone.NOTE, "{title} is held. Decide again when it is clear."),
    "exception.goes_on": (Tone.NOTE, "{title} goes on as it is."),
    "exception.gone": (Tone.NOTE, "{title} is no longer here."),
    "exception.changed": (Tone.NOTE, "{title} is as HQ wants it now."),
    "exception.void": (Tone.NOTE, "The label of {title} is void. Destroy it and set the parcel aside."),
    # goods that come in or back, and counts
    "goods.badge": (Tone.REFUSED, "This badge is not known here. A supervisor scans theirs."),
    "goods.role": (Tone.REFUSED, "{name} may not record goods or counts. Ask a supervisor."),
    "goods.no_product": (Tone.REFUSED, "There is no product {sku} here. Look its number up in the list."),
    "goods.none": (Tone.REFUSED, "{qty} of {sku} is nothing that came. Leave the line out, or key what came."),
    "goods.negative": (Tone.REFUSED, "{qty} of {item} cannot be. Key zero or more."),
    "goods.serials": (Tone.REFUSED, "{serials} serial numbers for {qty} of {sku}. Count again, or scan them anew."),
    "goods.serial_twice": (Tone.REFUSED, "Serial number {serial} of {sku} is there twice. Scan each unit once."),
    "goods.against": (Tone.REFUSED, "Say which announcement or purchase order this is for, or record it as blind."),
    "goods.blind": (
        Tone.REFUSED,
        "A blind receipt is for goods that nobody announced. Leave the announcement out.",
    ),
    "goods.received": (Tone.NOTE, "Recorded: {units} units came in, on {lines} lines."),
    "goods.return_received": (Tone.NOTE, "Recorded: {units} units of return {id} are here."),
    "goods.return_inspected": (Tone.NOTE, "Recorded: return {id} is to {disposition}; {qty} can be sold again."),
    "goods.return_completed": (Tone.NOTE, "Recorded: return {id} is dealt with."),
    "goods.counted": (Tone.NOTE, "Recorded: {qty} of {sku} {place}."),
    # files
    "carrier_label.kept": (Tone.NOTE, "The carrier's label of order {order} is here."),
    "carrier_label.known": (Tone.NOTE, "The carrier's label of order {order} was here already."),
    "carrier_label.no_parcel": (Tone.REFUSED, "{id} is not known here, so the carrier's label for it is not kept."),
    "carrier_label.again": (
        Tone.NOTE,
        "Label {sscc} is printed again, just as the carrier made it. Destroy the other one if it shows up.",
    ),
    "file.no_room": (
        Tone.REFUSED,
        "There is no room for another file: a station keeps {most} MB at most. Old ones go by themselves at night.",
    ),
    # any command
    "work.no_room": (
        Tone.REFUSED,
        "{work} is not opened: the disk of this station is full. Finish what is open, and tell IT.",
    ),
    "quantity.bad": (Tone.REFUSED, "{keyed} is not a quantity. Key a whole number above zero."),
    "quantity.scan_first": (Tone.REFUSED, "Scan {item} once before you key a quantity."),
    "quantity.fewer": (
        Tone.REFUSED,
        "{counted} are counted already, you keyed {keyed}. Use Undo to take a count back.",
    ),
    "quantity.same": (Tone.NOTE, "{item}: {counted} of {wanted} stays as it is."),
    "work.kind": (Tone.REFUSED, "{what} is not possible at {workplace}, which is a place to {work}."),
    "work.received": (Tone.NOTE, "Received."),
    "work.answer_lost": (
        Tone.NOTE,
        "This was done before; its answer was lost when the store was damaged. Look at the list and go on there.",
    ),
}

CODES = frozenset(_SENTENCES)
"""Every code an answer can have."""


def say(code: str, /, **values: Any) -> Answer:
    """The answer with this code, its sentence filled in."""
    tone, sentence = _SENTENCES[code]
    return Answer(tone, code, sentence.format(**values))
