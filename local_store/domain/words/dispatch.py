"""What is said of loading, manifests and notices."""

from local_store.domain.words.tone import Sentences, Tone

SENTENCES: Sentences = {
    # loading
    "load.none": (
        Tone.REFUSED,
        "Nothing is being loaded here. Scan a parcel, or the sheet of a manifest that was begun.",
    ),
    "load.opened": (Tone.COUNTED, "{carrier} at {dock}, {day}. Parcels on it: {loaded}. Scan the next parcel."),
    "load.loaded": (Tone.COUNTED, "Order {order} is on. Parcels for {carrier}: {loaded}, still to come: {missing}."),
    "load.all_on": (Tone.LINE_DONE, "Order {order} is on. All for {carrier} is loaded, parcels: {loaded}."),
    "load.unknown": (
        Tone.REFUSED,
        "{code} is no parcel that this station knows. Scan the label of the parcel, or ask a supervisor.",
    ),
    "load.order_code": (
        Tone.REFUSED,
        "{code} names order {order}, not one of its boxes. Scan the label on the box.",
    ),
    "load.not_sealed": (
        Tone.REFUSED,
        "Order {order} is not sealed yet. Take it back to the pack station; it is not loaded.",
    ),
    "load.voided": (
        Tone.REFUSED,
        "Label {sscc} of order {order} was voided. Keep the parcel here and ask a supervisor for a valid label.",
    ),
    "load.asks": (Tone.REFUSED, "Order {order} must not leave yet: {why} Put it aside and ask a supervisor."),
    "load.wrong_carrier": (
        Tone.REFUSED,
        "Order {order} goes with {wanted}, and {carrier} is loaded here. Bring it to the dock of {wanted}.",
    ),
    "load.no_carrier": (
        Tone.REFUSED,
        "Nobody said which carrier takes order {order}. Open the manifest of a carrier first, then scan it again.",
    ),
    "load.already": (
        Tone.REFUSED,
        "Order {order} is loaded already: on {manifest} for {carrier} at {dock}. Scan the next parcel.",
    ),
    "load.left": (
        Tone.REFUSED,
        "Order {order} left already, with {carrier} on {day} ({manifest}). Find out which box this is.",
    ),
    "load.undone": (Tone.NOTE, "Taken back: order {order} is not on it. Parcels still on it: {loaded}."),
    "load.nothing_to_undo": (Tone.REFUSED, "Nothing is on this manifest yet. Scan a parcel first."),
    "load.not_on": (Tone.REFUSED, "{code} is not on manifest {manifest}. Look at the list of what is on it."),
    "load.unloaded": (
        Tone.NOTE,
        "Order {order} is off the manifest. Put the parcel back; parcels still on it: {loaded}.",
    ),
    "load.one_by_one": (Tone.REFUSED, "Parcels are loaded one by one. Scan the next parcel."),
    # manifests
    "manifest.unknown": (Tone.REFUSED, "There is no manifest {id} here. Look at the list of manifests."),
    "manifest.closed_already": (
        Tone.REFUSED,
        "Manifest {id} is closed: {carrier} left on {day}. Open another one for what is still here.",
    ),
    "manifest.empty": (Tone.REFUSED, "Nothing is on manifest {id}. Scan what is loaded before you close it."),
    "manifest.missing": (
        Tone.ASK,
        "Sealed for {carrier} and not on it: {missing} ({orders}). Load what is missing, or close it without.",
    ),
    "manifest.closed": (Tone.LIST_DONE, "{carrier} is away. Parcels on it: {loaded}, left behind: {missing}."),
    # notices and goods to suppliers
    "notice.exists": (Tone.REFUSED, "Notice {ref} was made already. Give another one its own number."),
    "notice.not_loaded": (
        Tone.REFUSED,
        "{what} is on no manifest that left from here. Load it and close the manifest before you announce it.",
    ),
    "notice.nothing_loaded": (
        Tone.REFUSED,
        "Nothing of this left from here with a manifest. Load it and close the manifest before you announce it.",
    ),
    "notice.two_manifests": (
        Tone.REFUSED,
        "These left with more than one manifest. Make a notice for each of them, one after the other.",
    ),
    "notice.made": (Tone.NOTE, "Notice {ref} is made. Orders on their way: {orders}."),
    "vendor.none": (Tone.REFUSED, "{qty} of {sku} is nothing to send. Key more than zero, or leave the line out."),
    "vendor.too_few": (Tone.REFUSED, "{sku}: only {here} {where}, not {qty}. Count what is there, or send fewer."),
    "vendor.serials": (
        Tone.REFUSED,
        "{sku}: quantity {qty}, serial numbers: {serials}. Scan each unit once, and leave none out.",
    ),
    "vendor.unit_elsewhere": (
        Tone.REFUSED,
        "Serial number {serial} of {sku} is {where}, as far as is known here. Scan the number on the unit.",
    ),
    "vendor.shipped": (Tone.NOTE, "Units that go back to {vendor}: {units}."),
    # the end of a day
    "day.left": (
        Tone.ASK,
        (
            "Not everything is done. Parcels not sealed: {unsealed}, sealed and not loaded: "
            "{not_loaded}, labels that wait: {labels}, facts HQ was not told: {unsent}, parked: "
            "{parked}. Look at the list, or close it so."
        ),
    ),
    "day.closed_already": (Tone.REFUSED, "{day} was closed already. What was done since counts for the next day."),
    "day.closed": (Tone.LIST_DONE, "{day} is closed. Parcels that left: {dispatched}, manifests: {manifests}."),
}
