"""What is said of goods that come in or back, and of counts."""

from local_store.domain.words.tone import Sentences, Tone

SENTENCES: Sentences = {
    "goods.badge": (Tone.REFUSED, "This badge is not known here. A supervisor scans theirs."),
    "goods.role": (Tone.REFUSED, "{name} may not record goods or counts. Ask a supervisor."),
    "goods.no_product": (Tone.REFUSED, "There is no product {sku} here. Look its number up in the list."),
    "goods.none": (Tone.REFUSED, "{qty} of {sku} is nothing that came. Leave the line out, or key what came."),
    "goods.negative": (Tone.REFUSED, "{qty} of {item} cannot be. Key zero or more."),
    "goods.serials": (
        Tone.REFUSED,
        "{sku}: quantity {qty}, serial numbers: {serials}. Count again, or scan them anew.",
    ),
    "goods.serial_twice": (Tone.REFUSED, "Serial number {serial} of {sku} is there twice. Scan each unit once."),
    "goods.against": (Tone.REFUSED, "Say which announcement or purchase order this is for, or record it as blind."),
    "goods.blind": (
        Tone.REFUSED,
        "A blind receipt is for goods that nobody announced. Leave the announcement out.",
    ),
    "goods.received": (Tone.NOTE, "Recorded. Units that came in: {units}, lines: {lines}."),
    "goods.counted": (Tone.NOTE, "Recorded: {qty} of {sku} {place}."),
}
