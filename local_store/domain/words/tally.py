"""What is said of goods that are tallied, whatever for."""

from local_store.domain.words.tone import Sentences, Tone

SENTENCES: Sentences = {
    "tally.none": (Tone.REFUSED, "Nothing is open here. Scan what the goods belong to, or choose it from the list."),
    "tally.unknown": (
        Tone.REFUSED,
        "{code} is not known here. Scan the item, or ask a supervisor to link it.",
    ),
    "tally.not_for": (Tone.REFUSED, "{code} is {thing}. Scan an item."),
    "tally.item_first": (Tone.REFUSED, "No item is in hand yet. Scan one first."),
    "tally.scan_first": (
        Tone.REFUSED,
        "Scan an item before you key a quantity. Units with serial numbers are scanned.",
    ),
    "tally.counted": (Tone.COUNTED, "{item}: {qty} more, {total} in all."),
    "tally.at": (Tone.COUNTED, "{location}: scan what is there."),
    "tally.wants_lot": (Tone.COUNTED, "{item}: scan or key its lot."),
    "tally.wants_expiry": (Tone.COUNTED, "{item}: scan or key its expiry date."),
    "tally.wants_serial": (Tone.COUNTED, "{item}: scan its serial number."),
    "tally.wants_weight": (Tone.COUNTED, "{item}: put it on the scale and weigh."),
    "tally.serial_twice": (Tone.REFUSED, "Serial number {serial} of {item} is counted already. Scan each unit once."),
    "tally.serial_elsewhere": (
        Tone.REFUSED,
        "Serial number {serial} of {item} is counted at {workplace} already. Look there, or take it back there.",
    ),
    "tally.serial_of_many": (
        Tone.REFUSED,
        "Serial number {serial} is of one unit, and this code counts {qty}. Scan the unit itself.",
    ),
    "tally.no_date": (Tone.REFUSED, "{value} is no date. Key it as year-month-day, like 2027-03-31."),
    "tally.no_value": (Tone.REFUSED, "{value} cannot be the {name} of an item. Key it again."),
    "tally.condition": (Tone.NOTE, "{item}: what is scanned next counts as {condition}."),
    "tally.amended": (Tone.COUNTED, "{item}, quantity {qty}: now {said}."),
    "tally.photographed": (Tone.NOTE, "The photo is kept with the {qty} of {item} counted last."),
    "tally.pallet_undone": (Tone.NOTE, "Taken back: all of {container}, lines: {lines}."),
    "tally.undone": (Tone.NOTE, "Taken back: {qty} of {item}. Still counted: {total}."),
    "tally.nothing_to_undo": (Tone.REFUSED, "Nothing was counted yet. Scan an item first."),
}
