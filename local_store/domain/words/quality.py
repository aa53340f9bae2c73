"""What is said of quality, and of goods that are held."""

from local_store.domain.words.tone import Sentences, Tone

SENTENCES: Sentences = {
    "qc.unknown": (
        Tone.REFUSED,
        "{id} is no fulfillment, return or receipt that is known here. Look its number up in the list.",
    ),
    "qc.already": (Tone.NOTE, "{id} is being inspected already."),
    "qc.started": (Tone.NOTE, "Inspection of {id}. Units to look at: {units} of {all}."),
    "qc.none": (Tone.REFUSED, "There is no inspection {id} here. Start one first."),
    "qc.over": (Tone.REFUSED, "The inspection of {id} is resolved. Start a new one where more was found."),
    "qc.no_photo": (Tone.REFUSED, "The photo {sha256}… is not at this station. Send it first, then record it."),
    "qc.recorded": (Tone.NOTE, "Recorded. Units looked at: {seen} of {wanted}."),
    "qc.too_few": (Tone.REFUSED, "{id}, units looked at: {seen} of {wanted}. Inspect the others, then resolve it."),
    "qc.resolved": (Tone.NOTE, "Recorded: {id}, decision: {disposition}."),
    "hold.what": (
        Tone.REFUSED,
        "Say what is to be held: a product, a lot or unit of it, or a location.",
    ),
    "hold.held": (Tone.NOTE, "Held: {goods}. Nobody can pick or pack it until it is released."),
    "hold.none": (Tone.REFUSED, "There is no hold {id} here. Look at the list again."),
    "hold.released": (Tone.NOTE, "Released: {goods}."),
    "hold.taken": (
        Tone.REFUSED,
        "{item} must not be taken: {goods} is on hold ({reason}). Leave it and ask quality control.",
    ),
}
