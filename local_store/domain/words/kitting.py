"""What is said of kits."""

from local_store.domain.words.tone import Sentences, Tone

SENTENCES: Sentences = {
    "kit.unknown": (Tone.REFUSED, "{code} is no work order that is known here. Scan its number, or choose it."),
    "kit.through": (Tone.REFUSED, "Work order {id} is through, kits built: {built}. Choose another one."),
    "kit.no_bill": (
        Tone.REFUSED,
        "Nobody said what {sku} of work order {id} is made of. Ask a supervisor to record its bill.",
    ),
    "kit.of_itself": (Tone.REFUSED, "{sku} would be a part of itself or too deep ({way}). Correct the bill."),
    "kit.opened": (Tone.COUNTED, "Work order {id}: {qty} of {sku}. It takes {parts}."),
    "kit.already": (Tone.NOTE, "Work order {id} is open already."),
    "kit.other_open": (Tone.REFUSED, "Work order {open} is open. Complete it before {id}."),
    "kit.not_part": (Tone.REFUSED, "{item} is no part of work order {id}. Put it back."),
    "kit.too_many": (Tone.REFUSED, "{item}: work order {id} takes {qty} at most. Put the rest back."),
    "kit.one_place": (
        Tone.REFUSED,
        "{item}: the kits of work order {id} are being put at {location}. Scan that location, or complete first.",
    ),
    "kit.unit_elsewhere": (
        Tone.REFUSED,
        "{item}: serial number {serial} is {where}, as far as is known. Scan the unit's location, or another unit.",
    ),
    "kit.all_there": (Tone.LINE_DONE, "Everything is there, kits to build: {qty}. Build them, then complete {id}."),
    "kit.nothing_counted": (Tone.REFUSED, "Nothing was counted for work order {id} yet. Scan a component first."),
    "kit.scan_kits": (Tone.REFUSED, "Each {item} has a serial number. Scan the finished kits before you complete."),
    "kit.missing": (Tone.REFUSED, "For {qty} of {sku} this is missing: {missing}. Scan it, or mark the rest short."),
    "kit.built": (Tone.LIST_DONE, "Built: {qty} of {sku}. Still to be built for work order {id}: {rest}."),
    "kit.built_back": (Tone.LIST_DONE, "Built for work order {id}: {qty} of {sku}. Put back: {back}."),
    "kit.short": (Tone.LIST_DONE, "Built: {built} of {sku}, still to be built: {rest}. Missing: {missing}."),
    "kit.nothing_short": (Tone.REFUSED, "Nothing is missing for work order {id}. Complete it."),
    "kit.bill": (Tone.NOTE, "Recorded: what {sku} is made of, products: {parts}."),
    "kit.no_parts": (Tone.REFUSED, "Nothing goes into {sku}. Name its parts, or record its bill first."),
    "kit.ordered": (Tone.NOTE, "Work order {id}: {qty} of {sku} to be built."),
    "kit.number_taken": (Tone.REFUSED, "There is a work order {number} already. Leave it out, or give another."),
    "kit.no_build": (Tone.REFUSED, "There is no build {id} here. Look it up at its work order."),
    "kit.apart": (Tone.NOTE, "Taken apart: {qty} of {sku}. The components are to be put away."),
    "kit.apart_before": (Tone.REFUSED, "{qty} of {sku}: taken apart before. Look at the list again."),
    "kit.inside": (Tone.REFUSED, "{qty} of {sku}: inside {inside}. Take that apart first."),
}
