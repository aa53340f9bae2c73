"""What is said of any scan, and of linked codes."""

from local_store.domain.words.tone import Sentences, Tone

SENTENCES: Sentences = {
    # any scan
    "scan.unknown": (
        Tone.REFUSED,
        "{code} is not known here. Check the label and scan {item}, or ask a supervisor to link the code.",
    ),
    "scan.unknown_all_in": (
        Tone.REFUSED,
        (
            "{code} is not known here, and everything is in already. Weigh and seal, or ask a supervisor "
            "to link the code."
        ),
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
    "scan.not_for": (Tone.REFUSED, "{code} is {thing}. Scan {item}."),
    "scan.not_for_all_in": (Tone.REFUSED, "{code} is {thing}, and everything is in already. Weigh and seal."),
    "scan.unreadable": (Tone.REFUSED, "{device} sent something that is no code ({why}: {raw}). Scan again."),
    "scan.again": (
        Tone.NOTE,
        "{code} came twice in a moment and counts once. If there is another one, scan it again.",
    ),
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
}
