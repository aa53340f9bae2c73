"""What is said of goods that come back, in German."""

SENTENCES = {
    "return.left": (
        "Retoure {id} ist inzwischen weiter und hier geschlossen, Stand {status}. Scannen Sie die nächste Retoure."
    ),
    "return.still_coming": (
        "Von Retoure {id} wird an {workplace} noch gezählt. Schließen Sie das zuerst ab und prüfen Sie dann den Rest."
    ),
    "return.created": "Retoure {id} von Auftrag {order} ist angekündigt.",
    "return.created_label": "Retoure {id} von Auftrag {order} ist angekündigt. Ihr Etikett kommt gleich.",
    "return.number_taken": (
        "Eine Retoure {number} gibt es schon. Lassen Sie die Nummer weg oder geben Sie eine andere."
    ),
    "return.no_line": (
        "Zeile {line} von Auftrag {order} ist hier mit diesem Artikel nicht bekannt. Nennen Sie den Artikel der "
        "Zeile."
    ),
    "return.line_twice": "Zeile {line} ist doppelt. Zählen Sie die beiden zusammen.",
    "return.unknown": "Eine Retoure {id} gibt es hier nicht. Suchen Sie die Nummer in der Liste.",
    "return.through": (
        "Retoure {id}: Das ist nicht mehr möglich, Stand {status}. Legen Sie beiseite, was gekommen ist."
    ),
    "return.received": "Erfasst. Von Retoure {id} da: {units} Stück.",
    "return.nothing_waits": (
        "Von Retoure {id} wartet nichts auf Prüfung, Stand {status}. Nehmen Sie zuerst an, was gekommen ist."
    ),
    "return.more_than_came": (
        "Retoure {id}: zu prüfen {total}, darum kann {qty} nicht wieder verkauft werden. Tippen Sie null bis {total}."
    ),
    "return.which_line": (
        "Retoure {id} hat mehrere Zeilen. Sagen Sie, zu welcher die Stücke gehören, die wieder verkauft werden "
        "können."
    ),
    "return.which_serials": (
        "Die Stücke von Retoure {id} haben Seriennummern. Nennen Sie die {qty}, die wieder verkauft werden können."
    ),
    "return.inspected": "Erfasst: Retoure {id}, Entscheidung: {disposition}; wieder verkäuflich: {qty}.",
    "return.not_yet": (
        "Retoure {id}: Stand {status}. Sie wird abgeschlossen, sobald alles geprüft ist, was gekommen ist."
    ),
    "return.completed": "Erfasst: Retoure {id} ist erledigt.",
    "return.ship_back": (
        "Retoure {id} soll an ihren Lieferanten gehen. Die Zentrale macht daraus einen Auftrag; kommissionieren "
        "Sie ihn dann."
    ),
    "return.ships_back": "Retoure {id} geht schon an ihren Lieferanten. Suchen Sie ihren Auftrag.",
    "return.nothing_to_ship": (
        "Von Retoure {id} wurde nichts eingelagert, also ist nichts zu kommissionieren. Prüfen Sie sie zuerst."
    ),
    # an den Arbeitsplätzen
    "return.not_known": (
        "{code} ist keine Retoure, die hier bekannt ist. Scannen Sie ihre Nummer oder ihren Auftrag oder "
        "kündigen Sie sie zuerst an."
    ),
    "return.several": "Auftrag {order} hat mehrere Retouren: {ids}. Scannen Sie die Nummer von einer.",
    "return.opened": "Retoure {id}, erwartete Zeilen: {lines}. Scannen Sie, was gekommen ist.",
    "return.inspect": (
        "Retoure {id}: {units} Stück zu prüfen. Scannen Sie, was damit geschieht, und dann die Artikel."
    ),
    "return.already": "Retoure {id} ist schon offen.",
    "return.other_open": "Retoure {open} ist offen. Schließen Sie sie vor {id} ab.",
    "return.nothing_came": "Von Retoure {id} ist nichts gekommen, Stand {status}. Nehmen Sie sie zuerst an.",
    "return.unexpected": (
        "{sku} ist gezählt, aber Retoure {id} erwartet nichts mehr davon. Es wird behalten, wie es gekommen ist."
    ),
    "return.nothing_counted": "Von Retoure {id} wurde noch nichts gezählt. Scannen Sie zuerst einen Artikel.",
    "return.to": "Was Sie jetzt scannen: {disposition}.",
    "return.disposition_first": (
        "Sagen Sie zuerst, was damit geschieht: Scannen Sie eines von {choices} an der Wand, dann den Artikel."
    ),
    "return.not_waiting": "{item}: Von Retoure {id} nur noch {qty} zu prüfen. Legen Sie dieses Stück beiseite.",
    "return.serial_back": (
        "Seriennummer {serial} von {item} ist schon zurückgekommen und wartet auf Prüfung. Prüfen Sie das Etikett."
    ),
    "return.other_serial": (
        "Seriennummer {serial} von {item} kam nicht mit Retoure {id}. Legen Sie dieses Stück beiseite."
    ),
    "return.some_inspected": "Erfasst. Von Retoure {id} noch zu prüfen: {left} Stück.",
    "return.all_inspected": "Erfasst. Alles, was mit Retoure {id} gekommen ist, ist geprüft: Schließen Sie sie ab.",
}
