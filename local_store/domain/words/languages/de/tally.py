"""What is said of goods that are tallied, whatever for, in German."""

SENTENCES = {
    "tally.none": "Hier ist nichts offen. Scannen Sie, wozu die Ware gehört, oder wählen Sie es aus der Liste.",
    "tally.unknown": (
        "{code} ist hier nicht bekannt. Scannen Sie den Artikel oder bitten Sie die Schichtleitung, ihn zuzuordnen."
    ),
    "tally.not_for": "{code} ist {thing}. Scannen Sie einen Artikel.",
    "tally.item_first": "Noch kein Artikel ist in der Hand. Scannen Sie zuerst einen.",
    "tally.scan_first": (
        "Scannen Sie einen Artikel, bevor Sie eine Menge tippen. Stücke mit Seriennummern werden gescannt."
    ),
    "tally.counted": "{item}: {qty} mehr, {total} insgesamt.",
    "tally.at": "{location}: Scannen Sie, was dort ist.",
    "tally.wants_lot": "{item}: Scannen oder tippen Sie die Charge.",
    "tally.wants_expiry": "{item}: Scannen oder tippen Sie das Verfallsdatum.",
    "tally.wants_serial": "{item}: Scannen Sie die Seriennummer.",
    "tally.wants_weight": "{item}: Stellen Sie es auf die Waage und wiegen Sie.",
    "tally.serial_twice": "Seriennummer {serial} von {item} ist schon gezählt. Scannen Sie jedes Stück einmal.",
    "tally.serial_elsewhere": (
        "Seriennummer {serial} von {item} ist schon bei {workplace} gezählt. Suchen Sie dort, oder nehmen Sie "
        "es dort zurück."
    ),
    "tally.serial_of_many": (
        "Seriennummer {serial} gehört zu einem Stück, und dieser Code zählt {qty}. Scannen Sie das Stück selbst."
    ),
    "tally.no_date": "{value} ist kein Datum. Tippen Sie es als Jahr-Monat-Tag, wie 2027-03-31.",
    "tally.no_value": "{value} ist nicht möglich ({name}). Tippen Sie noch einmal.",
    "tally.condition": "{item}: Was Sie als Nächstes scannen, zählt als {condition}.",
    "tally.amended": "{item}, Menge {qty}: jetzt {said}.",
    "tally.photographed": "Das Foto ist bei den {qty} von {item} gespeichert, die zuletzt gezählt wurden.",
    "tally.pallet_undone": "Zurückgenommen: alles von {container}, Zeilen: {lines}.",
    "tally.undone": "Zurückgenommen: {qty} von {item}. Noch gezählt: {total}.",
    "tally.nothing_to_undo": "Noch nichts wurde gezählt. Scannen Sie zuerst einen Artikel.",
}
