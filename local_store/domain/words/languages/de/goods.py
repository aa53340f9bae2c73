"""What is said of goods that come in or back, and of counts, in German."""

SENTENCES = {
    "goods.badge": "Dieser Ausweis ist hier nicht bekannt. Die Schichtleitung scannt ihren.",
    "goods.role": "{name} darf weder Ware noch Zählungen erfassen. Fragen Sie die Schichtleitung.",
    "goods.no_product": "Einen Artikel {sku} gibt es hier nicht. Suchen Sie die Nummer in der Liste.",
    "goods.none": (
        "{qty} von {sku} ist nichts, was gekommen ist. Lassen Sie die Zeile weg oder tippen Sie, was gekommen ist."
    ),
    "goods.negative": "{qty} von {item} ist nicht möglich. Tippen Sie null oder mehr.",
    "goods.serials": "{sku}: Menge {qty}, Seriennummern: {serials}. Zählen Sie nach oder scannen Sie sie neu.",
    "goods.serial_twice": "Seriennummer {serial} von {sku} ist doppelt. Scannen Sie jedes Stück einmal.",
    "goods.against": (
        "Sagen Sie, zu welcher Ankündigung oder Bestellung das gehört, oder erfassen Sie es ohne Ankündigung."
    ),
    "goods.blind": (
        "Ein Eingang ohne Ankündigung ist für Ware, die niemand angekündigt hat. Lassen Sie die Ankündigung weg."
    ),
    "goods.received": "Erfasst. Gekommen: {units} Stück, Zeilen: {lines}.",
    "goods.counted": "Erfasst: {qty} von {sku} {place}.",
}
