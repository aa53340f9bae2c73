"""What is said of labels, slips and files."""

from local_store.domain.words.tone import Sentences, Tone

SENTENCES: Sentences = {
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
}
