"""What is said of goods that come in and are put away."""

from local_store.domain.words.tone import Sentences, Tone

SENTENCES: Sentences = {
    # opening
    "receive.none": (
        Tone.REFUSED,
        "Nothing is open here. Scan the number or a pallet of what was announced, or BLIND for other goods.",
    ),
    "receive.unknown": (
        Tone.REFUSED,
        "{code} is not announced here. Check the papers, or scan BLIND to receive it without an announcement.",
    ),
    "receive.opened": (Tone.NOTE, "{number} is open. Units announced: {expected}, received: {received}. Scan goods."),
    "receive.blind": (Tone.NOTE, "Goods that nobody announced: scan them. Scan BLIND again when all are counted."),
    "receive.busy": (Tone.REFUSED, "{work} is open here. Complete it first, then scan {asked} again."),
    "receive.closed": (Tone.REFUSED, "{number} is closed. Reopen it, or receive the goods as BLIND."),
    # scanning
    "receive.no_location": (Tone.REFUSED, "{location} is a location. Scan the goods here; they are put away later."),
    "receive.pallet": (Tone.COUNTED, "Pallet {sscc} is counted. Units: {units}, lines: {lines}."),
    "receive.pallet_again": (Tone.REFUSED, "Pallet {sscc} is counted already. Put it aside and scan the next one."),
    "receive.pallet_elsewhere": (
        Tone.REFUSED,
        "Pallet {sscc} belongs to {number}. Complete what is open here, then scan the pallet again.",
    ),
    "receive.container": (Tone.COUNTED, "{sscc} is open: scan what is on it, and {sscc} again when all is counted."),
    "receive.container_shut": (Tone.COUNTED, "{sscc} is counted, units: {units}. Scan the next."),
    "receive.serial_here": (
        Tone.REFUSED,
        "Serial number {serial} of {item} is in stock already ({account}). Check the label, or ask a supervisor.",
    ),
    "receive.expires": (
        Tone.ASK,
        "{item} expires on {day}, and must not before {wanted}. Reject it, or a supervisor allows it.",
    ),
    "receive.over": (
        Tone.ASK,
        "{item}: {announced} announced, {total} would be too many. Reject the rest, or a supervisor allows it.",
    ),
    "receive.unexpected": (
        Tone.ASK,
        "{item} is not announced with {number}. Reject it, or a supervisor allows it.",
    ),
    "receive.weigh_each": (Tone.REFUSED, "Each unit of {item} is weighed. Scan it and put it on the scale."),
    "receive.no_photo": (Tone.REFUSED, "There is no photo {sha256} at this station. Take the picture again."),
    "receive.waits": (Tone.REFUSED, "{item} is in hand and not counted: {missing} is missing. Say it, or scan on."),
    # the end
    "receive.done": (Tone.LIST_DONE, "Recorded. Units that came in: {units}, lines: {lines}."),
    "receive.nothing": (Tone.NOTE, "Nothing was counted, so nothing is recorded."),
    # announcements
    "inbound.none": (Tone.REFUSED, "{inbound} is not announced here. Look its number up in the list."),
    "inbound.counting": (Tone.REFUSED, "{name} still counts goods of {number}. Complete that first."),
    "inbound.needs_second": (
        Tone.REFUSED,
        "{what} needs a second person. A supervisor allows it by badge and PIN.",
    ),
    "inbound.allowed": (Tone.NOTE, "Allowed: {what}."),
    "inbound.allow_what": (
        Tone.REFUSED,
        "An allowance is of one thing. Say how many, or which expiry date.",
    ),
    "inbound.closed": (Tone.NOTE, "{number} is closed, units that came: {received} of {expected}."),
    "inbound.closed_already": (Tone.REFUSED, "{number} is closed already. Nothing was changed."),
    "inbound.reopened": (Tone.NOTE, "{number} is open again. Scan what came."),
    "inbound.open_already": (Tone.REFUSED, "{number} is open. Scan what came."),
    "inbound.rejected": (Tone.NOTE, "Rejected: {qty} of {item}. This is not in stock and goes back with the driver."),
    "receipt.none": (Tone.REFUSED, "There is no receipt {receipt} here. Look its number up in the list."),
    "receipt.no_line": (Tone.REFUSED, "Receipt {receipt} has no line {line}. Its lines are counted from 0."),
    "receipt.no_change": (Tone.REFUSED, "Line {line}: a change of 0 says nothing. Leave the line out."),
    "receipt.twice": (Tone.REFUSED, "Line {line} is there twice. Add the two changes up."),
    "receipt.too_few": (Tone.REFUSED, "Line {line}: only {qty} of {sku} came. Take no more than that away."),
    "receipt.gone": (
        Tone.REFUSED,
        "Line {line}: {sku} still {account}: only {qty}. Move the rest back first, or count the shelf.",
    ),
    "receipt.serials": (
        Tone.REFUSED,
        "Line {line}: {sku} has serial numbers. Name one for each unit that the correction is about.",
    ),
    "receipt.corrected": (Tone.NOTE, "Recorded: receipt {receipt} is corrected, lines: {lines}."),
    # put-away
    "put_away.none": (Tone.REFUSED, "Nothing is in hand. Scan an item or a pallet that stands on the dock."),
    "put_away.unknown": (Tone.REFUSED, "{code} is not known here. Scan an item or a pallet of the dock."),
    "put_away.not_on_dock": (Tone.REFUSED, "{item}: {qty} on the dock. Receive more first, or scan other goods."),
    "put_away.pallet_gone": (
        Tone.REFUSED,
        "{sscc} is not on the dock. Scan another pallet, or items one by one.",
    ),
    "put_away.take": (Tone.COUNTED, "{what} in hand. Bring it to {location} and scan that."),
    "put_away.take_anywhere": (
        Tone.COUNTED,
        "{what} in hand. No location is proposed for it: bring it where it fits and scan that.",
    ),
    "put_away.in_hand": (Tone.REFUSED, "{what} is in hand. Bring that to {location} first, or lay it back (Undo)."),
    "put_away.whole_pallet": (Tone.REFUSED, "A whole pallet is in hand. Bring it away, or lay it back (Undo)."),
    "put_away.scan_serial": (Tone.REFUSED, "{item} has serial numbers. Scan the serial number of each unit."),
    "put_away.has_serial": (Tone.REFUSED, "Serial number {serial} is in hand already. Scan the next unit."),
    "put_away.serial_gone": (
        Tone.REFUSED,
        "Serial number {serial} of {item} is not on the dock, or somebody else has it. Scan the number on the unit.",
    ),
    "put_away.unit_left": (
        Tone.REFUSED,
        "Serial number {serial} of {item} is not on the dock any more. Lay it back (Undo), and scan what is there.",
    ),
    "put_away.full": (Tone.REFUSED, "{location} has room for {room} more, in hand: {qty}. Bring it to {proposal}."),
    "put_away.not_mixed": (
        Tone.REFUSED,
        "{location} holds {other}, and only one product may be there. Bring it to {proposal}.",
    ),
    "put_away.mixed": (
        Tone.REFUSED,
        "Only one product may be at {location}, and several are in hand. Bring it to {proposal}.",
    ),
    "put_away.done": (Tone.LINE_DONE, "{what} is at {location}. Scan the next."),
    "put_away.laid_back": (Tone.NOTE, "{what} is back on the dock."),
    "put_away.nothing_to_undo": (Tone.REFUSED, "Nothing is in hand. What is on a shelf is moved with a stock move."),
    "stock_move.same": (Tone.REFUSED, "{location} is where it is. Name another location."),
    "stock_move.no_location": (Tone.REFUSED, "There is no location {location} here. Scan its label."),
    "stock_move.no_product": (Tone.REFUSED, "There is no product {sku} here. Look its number up in the list."),
    "stock_move.serials": (
        Tone.REFUSED,
        "{sku}: quantity {qty}, serial numbers: {serials}. Name no more than are moved.",
    ),
    "stock_move.serial_elsewhere": (
        Tone.REFUSED,
        "Serial number {serial} of {sku} is not at {location}. Scan the units there again.",
    ),
    "stock_move.done": (Tone.NOTE, "Recorded: {qty} of {sku} went from {source} to {target}."),
    "goods_label.no_place": (Tone.REFUSED, "No workplace is named. Say at which one the labels are printed."),
    "goods_label.asked": (Tone.NOTE, "Labels of {item} that are printed: {copies}."),
}
