"""What is said of goods that come back."""

from local_store.domain.words.tone import Sentences, Tone

SENTENCES: Sentences = {
    "return.created": (Tone.NOTE, "Return {id} of order {order} is announced."),
    "return.created_label": (Tone.NOTE, "Return {id} of order {order} is announced. Its label is on the way."),
    "return.number_taken": (
        Tone.REFUSED,
        "There is a return {number} already. Leave the number out, or give another.",
    ),
    "return.no_line": (
        Tone.REFUSED,
        "Line {line} of order {order} is not known here with this product. Name the product that it is of.",
    ),
    "return.line_twice": (Tone.REFUSED, "Line {line} is there twice. Add the two up."),
    "return.unknown": (Tone.REFUSED, "There is no return {id} here. Look its number up in the list."),
    "return.through": (Tone.REFUSED, "Return {id} is {status}: this is no longer possible. Put what came aside."),
    "return.still_coming": (
        Tone.REFUSED,
        "More of return {id} is being counted at {workplace}. Complete that first, then inspect the last of it.",
    ),
    "return.left": (Tone.NOTE, "Return {id} is {status} meanwhile, and closed here. Scan the next return."),
    "return.received": (Tone.LIST_DONE, "Recorded. Units of return {id} that are here: {units}."),
    "return.nothing_waits": (
        Tone.REFUSED,
        "Nothing of return {id} waits for inspection, it is {status}. Receive what came first.",
    ),
    "return.more_than_came": (
        Tone.REFUSED,
        "Return {id}: {total} to inspect, so {qty} cannot be sold again. Key zero to {total}.",
    ),
    "return.which_line": (
        Tone.REFUSED,
        "Return {id} has several lines. Say which line the units are of that can be sold again.",
    ),
    "return.which_serials": (
        Tone.REFUSED,
        "The units of return {id} have serial numbers. Name the {qty} that can be sold again.",
    ),
    "return.inspected": (Tone.NOTE, "Recorded: return {id}, decision: {disposition}; {qty} can be sold again."),
    "return.not_yet": (Tone.REFUSED, "Return {id} is {status}. It is completed once all that came is inspected."),
    "return.completed": (Tone.NOTE, "Recorded: return {id} is dealt with."),
    "return.ship_back": (Tone.NOTE, "Return {id} is to go to its supplier. HQ makes an order of it; pick it then."),
    "return.ships_back": (Tone.REFUSED, "Return {id} goes to its supplier already. Look for its order."),
    "return.nothing_to_ship": (
        Tone.REFUSED,
        "Nothing of return {id} was reshelved, so there is nothing to pick. Inspect it first.",
    ),
    # at the workplaces
    "return.not_known": (
        Tone.REFUSED,
        "{code} is no return that is known here. Scan its number or its order, or announce it first.",
    ),
    "return.several": (Tone.REFUSED, "Order {order} has several returns: {ids}. Scan the number of one."),
    "return.opened": (Tone.COUNTED, "Return {id}, lines expected: {lines}. Scan what came."),
    "return.inspect": (
        Tone.COUNTED,
        "Return {id}, units to inspect: {units}. Scan what becomes of them, then the items.",
    ),
    "return.already": (Tone.NOTE, "Return {id} is open already."),
    "return.other_open": (Tone.REFUSED, "Return {open} is open. Complete it before {id}."),
    "return.nothing_came": (Tone.REFUSED, "Return {id} is {status}: nothing of it came. Receive it first."),
    "return.unexpected": (
        Tone.COUNTED,
        "{sku} is counted, but return {id} expects no more of it. It is kept as it came.",
    ),
    "return.nothing_counted": (Tone.REFUSED, "Nothing of return {id} was counted yet. Scan an item first."),
    "return.to": (Tone.COUNTED, "What is scanned now: {disposition}."),
    "return.disposition_first": (
        Tone.REFUSED,
        "Say what becomes of it first: scan one of {choices} on the wall, then the item.",
    ),
    "return.not_waiting": (Tone.REFUSED, "{item}: of return {id} only {qty} to inspect. Put this unit aside."),
    "return.serial_back": (
        Tone.REFUSED,
        "Serial number {serial} of {item} came back already and waits for inspection. Check its label.",
    ),
    "return.other_serial": (
        Tone.REFUSED,
        "Serial number {serial} of {item} did not come with return {id}. Put this unit aside.",
    ),
    "return.some_inspected": (Tone.LIST_DONE, "Recorded. Units of return {id} still to inspect: {left}."),
    "return.all_inspected": (Tone.LIST_DONE, "Recorded. All that came of return {id} is inspected: complete it."),
}
