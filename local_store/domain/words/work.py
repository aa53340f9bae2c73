"""What is said of any command."""

from local_store.domain.words.tone import Sentences, Tone

SENTENCES: Sentences = {
    "work.no_room": (
        Tone.REFUSED,
        "{work} is not opened: the disk of this station is full. Finish what is open, and tell IT.",
    ),
    "work.too_old": (
        Tone.REFUSED,
        (
            "Days since HQ was last heard: {days}; after {most}, work it gave is not begun, for it may "
            "be called off by now. Finish what is open, and tell IT."
        ),
    ),
    "quantity.bad": (Tone.REFUSED, "{keyed} is not a quantity. Key a whole number above zero."),
    "quantity.scan_first": (Tone.REFUSED, "Scan {item} once before you key a quantity."),
    "quantity.fewer": (Tone.REFUSED, "Counted already: {counted}, you keyed {keyed}. Use Undo to take a count back."),
    "quantity.same": (Tone.NOTE, "{item}: {counted} of {wanted} stays as it is."),
    "work.kind": (Tone.REFUSED, "{what} is not possible at {workplace}, which is a place to {work}."),
    "work.received": (Tone.NOTE, "Received."),
    "work.answer_lost": (
        Tone.NOTE,
        "This was done before; its answer was lost when the store was damaged. Look at the list and go on there.",
    ),
}
