"""What is said of counts."""

from local_store.domain.words.tone import Sentences, Tone

SENTENCES: Sentences = {
    # at the shelf
    "count.none": (Tone.REFUSED, "No count is open here. Scan the location that is to be counted."),
    "count.no_task": (
        Tone.REFUSED,
        "Nobody asked for a count of {location}. Scan another location, or ask a supervisor for this one.",
    ),
    "count.opened": (Tone.NOTE, "Count {what} at {location}. Scan {location} first."),
    "count.begun": (Tone.COUNTED, "{location}: scan {what}. At the end scan {location} again."),
    "count.other_open": (Tone.REFUSED, "{open} is being counted here. Finish it before you begin another count."),
    "count.elsewhere": (Tone.REFUSED, "{location} is being counted at {workplace}. Count another location."),
    "count.other_worker": (
        Tone.REFUSED,
        "{name} has counted {location} already, and a second pair of eyes is wanted. Leave it to a colleague.",
    ),
    "count.location_first": (Tone.REFUSED, "Nothing is counted before you are there. Go to {location} and scan it."),
    "count.wrong_location": (Tone.REFUSED, "This is {location}, and the count is of {wanted}. Go to {wanted}."),
    "count.only": (Tone.REFUSED, "This count is of {wanted} only. Leave {got} where it is."),
    "count.condition": (
        Tone.REFUSED,
        "Damaged units are not counted as stock. Set them aside, tell a supervisor, and count the rest.",
    ),
    "count.empty_asked": (
        Tone.NOTE,
        "Nothing was counted at {location}. If it is empty, scan {location} once more.",
    ),
    "count.right": (Tone.LIST_DONE, "{location} is counted, and all was as expected."),
    "count.corrected": (Tone.LIST_DONE, "{location} is counted. Corrected: {items}."),
    "count.recount": (
        Tone.NOTE,
        "{location} is counted. It differs from what was expected, so somebody else will count it again.",
    ),
    # what a supervisor does
    "count.asked": (Tone.NOTE, "{location} will be counted: {reason}."),
    "count.asked_already": (Tone.REFUSED, "A count of {location} is open already ({reason}). Wait for it."),
    "count.no_location": (Tone.REFUSED, "There is no location {location} here. Look at its label and key it again."),
    "count.no_product": (Tone.REFUSED, "There is no product {sku} here. Look its number up in the list."),
    "count.planned": (Tone.NOTE, "Locations to be counted: {many}."),
    "count.none_due": (Tone.NOTE, "No location is due to be counted."),
    "count.unknown": (Tone.REFUSED, "There is no count {id} here. Choose one from the list."),
    "count.settled_already": (
        Tone.REFUSED,
        "The count of {location} is through. Where it is wrong, ask for a new one.",
    ),
    "count.nothing_counted": (
        Tone.REFUSED,
        "Nobody has counted {location} yet, so there is nothing to accept. Let it be counted, or drop it.",
    ),
    "count.moved_since": (
        Tone.REFUSED,
        "More {sku} was taken from {location} since it was counted than there was. Let it be counted again.",
    ),
    "count.kept": (Tone.NOTE, "The count of {location} is through. All stays as it was believed."),
    "stock.adjusted": (Tone.NOTE, "{qty} of {item} at {location}: corrected from {before} ({reason})."),
    "stock.as_it_is": (Tone.NOTE, "{qty} of {item} at {location}: this is what was believed already."),
    "stock.negative": (Tone.REFUSED, "{qty} of {item} cannot be. Key zero or more."),
    "stock.serials": (
        Tone.REFUSED,
        "Units of {item} have serial numbers, so a quantity is not enough. Ask for a count of {location}.",
    ),
}
