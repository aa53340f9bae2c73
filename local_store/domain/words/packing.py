"""What is said of packing and the scale."""

from local_store.domain.words.tone import Sentences, Tone

SENTENCES: Sentences = {
    # packing
    "pack.none": (Tone.REFUSED, "No parcel is open. Scan a tote or an order."),
    "pack.opened": (Tone.COUNTED, "Order {order}, lines to verify: {lines}. Scan {item}."),
    "pack.already": (Tone.NOTE, "Order {order} is open already."),
    "pack.other_open": (Tone.REFUSED, "Order {open} is open. Seal it before {order}."),
    "pack.not_picked": (Tone.REFUSED, "Order {order} is not picked yet. Take another tote."),
    "pack.elsewhere": (Tone.REFUSED, "Order {order} is being packed at {workplace}. Take another tote."),
    "pack.packed": (Tone.REFUSED, "Order {order} is packed already. Take another tote."),
    "pack.nothing_picked": (Tone.REFUSED, "Nothing was picked for order {order}. Take the tote to a supervisor."),
    "pack.unknown": (Tone.REFUSED, "{id} is not known here. Scan a tote or an order."),
    "pack.not_in_order": (Tone.REFUSED, "{got} is not in order {order}. Put it aside and scan {item}."),
    "pack.not_in_order_all_in": (
        Tone.REFUSED,
        "{got} is not in order {order}. Put it aside; everything is in already.",
    ),
    "pack.counted": (Tone.COUNTED, "{item}: {packed} of {qty}."),
    "pack.line_done": (Tone.LINE_DONE, "{item}: {qty} of {qty}. Line done."),
    "pack.all_done": (Tone.LINE_DONE, "Everything is in. Close the box and put it on the scale."),
    "pack.too_many": (Tone.REFUSED, "{item}: only {qty} wanted, {packed} counted. Take {extra} out."),
    "pack.line_full": (Tone.REFUSED, "{got} is complete in order {order}. Take it out and scan {item}."),
    "pack.line_full_all_in": (
        Tone.REFUSED,
        "{got} is complete in order {order}. Take it out; everything is in already.",
    ),
    "pack.nothing_left": (Tone.REFUSED, "Everything is in. Weigh the parcel."),
    "pack.undone": (Tone.NOTE, "Taken back: {item} is at {packed} of {qty}."),
    "pack.nothing_to_undo": (Tone.REFUSED, "Nothing was counted into this parcel yet. Scan an item first."),
    "pack.not_verified": (Tone.REFUSED, "Lines not verified yet: {open} of {lines}. Scan {item}."),
    "pack.weighed": (Tone.COUNTED, "{weight}. Seal the parcel."),
    "pack.not_weighed": (Tone.REFUSED, "The parcel is not weighed yet. Put it on the scale and weigh."),
    "pack.wrong_weight": (Tone.ASK, "{found} Check what is in the box, then weigh again or give a reason."),
    "pack.sealed": (Tone.LIST_DONE, "Order {order} is sealed. Its label {sscc} is on the way."),
    "pack.sealed_numbered": (
        Tone.LIST_DONE,
        "Order {order} is sealed as {package}. Its label {sscc} is on the way.",
    ),
    "pack.no_numbers": (
        Tone.REFUSED,
        (
            "No {what} numbers are left here. Put the parcel aside and tell IT: "
            "HQ gives them, or numbers.{kind} in edge.toml."
        ),
    ),
    # several parcels, several orders
    "pack.next_parcel": (
        Tone.COUNTED,
        "Parcel {number} is open; parcel {full} waits for the scale. Scan {item} into parcel {number}.",
    ),
    "pack.parcel_empty": (Tone.REFUSED, "Parcel {number} is still empty. Put something in before the next one."),
    "pack.too_many_parcels": (
        Tone.REFUSED,
        "Order {order} has {most} parcels already. Put the rest into one of them.",
    ),
    "pack.parcel_chosen": (Tone.NOTE, "Parcel {number} of order {order}: what is scanned now goes into it."),
    "pack.no_parcel": (Tone.REFUSED, "Order {order} has no parcel {number}. Choose one that is on the screen."),
    "pack.parcel_closed": (
        Tone.REFUSED,
        "Parcel {number} of order {order} is sealed and never changes. Choose another one, or have it voided.",
    ),
    "pack.not_in_parcel": (
        Tone.REFUSED,
        "{qty} of {sku} cannot be moved: parcel {number} holds {held}. Count it, and name another parcel as target.",
    ),
    "pack.which_serials": (
        Tone.REFUSED,
        "Say which units go: parcel {number} holds serial numbers {serials}. Scan one for each unit.",
    ),
    "pack.repacked": (Tone.NOTE, "{qty} of {item} went from parcel {source} to parcel {target}."),
    "pack.parcel_weighed": (Tone.COUNTED, "Parcel {number}: {weight}. Seal it."),
    "pack.parcel_sealed": (
        Tone.LINE_DONE,
        "Parcel {number} of order {order} is sealed. Its label {sscc} is on the way. Go on with {item}.",
    ),
    "pack.parcel_sealed_all_in": (
        Tone.LINE_DONE,
        "Parcel {number} of order {order} is sealed. Its label {sscc} is on the way. Go on with its next parcel.",
    ),
    "pack.resumed": (Tone.NOTE, "Order {order} is in front. Scan {item}."),
    "pack.resumed_all_in": (Tone.NOTE, "Order {order} is in front, and everything is in. Weigh and seal it."),
    "pack.short": (Tone.LINE_DONE, "{item}: {missing} not there ({reason})."),
    "pack.nothing_there": (
        Tone.REFUSED,
        "Then nothing of order {order} would be sent. Take the tote to a supervisor.",
    ),
    # serial numbers
    "pack.wants_serial": (Tone.COUNTED, "{item}: scan its serial number."),
    "pack.serials_singly": (Tone.REFUSED, "{item} has serial numbers. Scan each unit, then its serial number."),
    "pack.serial_twice": (Tone.REFUSED, "Serial number {serial} of {item} is in already. Scan the next unit."),
    "pack.serial_packed": (
        Tone.REFUSED,
        "Serial number {serial} of {item} is in another parcel. Put the unit aside and tell a supervisor.",
    ),
    "pack.serial_not_picked": (
        Tone.REFUSED,
        "Serial number {serial} of {item} was not picked for order {order}. Put it aside and take one from the tote.",
    ),
    # before a parcel is sealed
    "pack.confirm_first": (Tone.ASK, "Read this and confirm it, then seal: {note} Scan CONFIRM or tap it."),
    "pack.confirmed": (Tone.NOTE, "Notes confirmed: {notes}, left: {left}."),
    "pack.no_note": (Tone.REFUSED, "Order {order} has no such note to confirm. Go on packing."),
    "pack.photo_first": (Tone.ASK, "Photograph parcel {number} of order {order}, then seal it."),
    "pack.no_photo": (Tone.REFUSED, "That photo of order {order} is not here. Take it again and send it first."),
    "pack.photographed": (Tone.NOTE, "The photo of parcel {number} is kept."),
    "pack.carton": (Tone.NOTE, "Parcel {number} is a {carton}."),
    "pack.no_carton": (Tone.REFUSED, "There is no carton {carton} here. Choose one from the list."),
    "pack.material": (Tone.NOTE, "{qty} of {material} in parcel {number}."),
    "pack.material_none": (Tone.REFUSED, "{qty} of {material} cannot be. Key how many went in."),
    "pack.measured": (Tone.NOTE, "Parcel {number} measures {size}."),
    # after a parcel is sealed
    "pack.void_unknown": (Tone.REFUSED, "There is no sealed parcel {package} here. Scan its label again."),
    "pack.void_approval": (
        Tone.REFUSED,
        "Parcel {package} is sealed. A supervisor must approve that it is taken apart.",
    ),
    "pack.voided": (
        Tone.NOTE,
        "Parcel {package} is void. Destroy its label {sscc}, take everything out and pack order {order} again.",
    ),
    "pack.not_all_packed": (Tone.REFUSED, "Order {order} is not packed. Seal its parcels first."),
    "pack.shipment_asked": (Tone.NOTE, "The shipment of order {order} is asked for, parcels: {parcels}."),
    "pack.shipment_known": (
        Tone.REFUSED,
        "The shipment of order {order} was asked for before: nothing was changed.",
    ),
    # parcels that are told whole
    "pack.session_of_other": (
        Tone.REFUSED,
        "The session is to be for {worker}, and the key is that of {name}. Use the key of who packs.",
    ),
    "pack.package_taken": (Tone.REFUSED, "Parcel {package} is known here already. Give each parcel its own id."),
    "pack.no_package": (Tone.REFUSED, "There is no parcel {package} here. Pack it first."),
    "pack.no_lines": (
        Tone.REFUSED,
        "Parcel {package}: not one order has all of the lines {lines}, each once. Name the order they are of.",
    ),
    "pack.item_wrong": (
        Tone.REFUSED,
        "This cannot be: {qty} of {item}, serial numbers: {serials}. Say how many, and the serial number of each.",
    ),
    "pack.two_hqs": (
        Tone.REFUSED,
        "The orders {orders} are of different HQs. Tell the parcels of each HQ in a call of its own.",
    ),
    "pack.recorded": (Tone.COUNTED, "Recorded. Parcels packed and weighed: {parcels}."),
    # scale
    "scale.none": (Tone.REFUSED, "No scale gave a weight. Check that it is on and connected, then weigh again."),
    "scale.moving": (Tone.REFUSED, "The scale is not at rest. Let go of the parcel and weigh again."),
    "scale.old": (Tone.REFUSED, "The scale gave no new weight since you asked. Weigh again."),
    "scale.over": (Tone.REFUSED, "The parcel is too heavy for the scale. Use a bigger one."),
    "scale.under": (Tone.REFUSED, "The scale is below zero. Empty it, zero it and weigh again."),
    "scale.fault": (Tone.REFUSED, "The scale reports a fault ({fault}). Switch it off and on, then weigh again."),
    "scale.not_emptied": (
        Tone.REFUSED,
        (
            "The scale has not been empty since the last parcel. Take the parcel off, wait for zero, put it on again "
            "and weigh."
        ),
    ),
    "scale.empty": (Tone.REFUSED, "The scale shows {weight}. Put the parcel on it and weigh again."),
}
