"""What is said of picking, in German."""

SENTENCES = {
    "pick.earlier_elsewhere": "{sentence} Charge {lot} auf {location} läuft zuerst ab, am {expires}.",
    "pick.none": "Keine Pickliste ist offen. Scannen Sie eine Pickliste oder wählen Sie eine.",
    "pick.opened": "{picklist} ist offen, Zeilen: {lines}. Gehen Sie zu {location}.",
    "pick.already": "{picklist} ist schon offen.",
    "pick.other_open": "{open} ist offen. Schließen Sie sie vor {picklist} ab.",
    "pick.elsewhere": "{picklist} ist gerade an {workplace} in Arbeit. Wählen Sie eine andere.",
    "pick.finished": "{picklist} ist schon abgeschlossen. Wählen Sie eine andere.",
    "pick.unknown": "{picklist} ist hier nicht bekannt. Wählen Sie eine aus der Liste.",
    "pick.at": "{location} ist richtig. Scannen Sie {item}.",
    "pick.wrong_location": "Das ist {location}. Gehen Sie zu {wanted} und scannen Sie den Platz.",
    "pick.scan_location": "Scannen Sie den Platz {wanted} vor dem Artikel.",
    "pick.wrong_item": (
        "Das ist {got}. {picklist} braucht von hier {item}. Legen Sie es zurück und scannen Sie {item}."
    ),
    "pick.not_on_list": "{got} steht nicht auf {picklist}. Legen Sie es zurück und scannen Sie {item}.",
    "pick.item_elsewhere": (
        "{got} ist von {wanted} zu nehmen, und Sie sind bei {location}. Legen Sie es zurück; hier ist es {item}."
    ),
    "pick.counted": "{item}: {picked} von {qty}.",
    "pick.line_done": "{item}: {qty} von {qty}. Zeile fertig.",
    "pick.all_done": "{item}: {qty} von {qty}. Alle Zeilen sind fertig: Schließen Sie {picklist} ab.",
    "pick.too_many": "{item}: Nur {qty} verlangt, {picked} gezählt. Legen Sie {extra} zurück.",
    "pick.line_full": "{got} ist auf {picklist} vollständig. Legen Sie es zurück und scannen Sie {item}.",
    "pick.skipped": "{item} kommt später wieder. Gehen Sie zu {location}.",
    "pick.short": "{item}: {missing} fehlen ({reason}). Weiter.",
    "pick.short_elsewhere": (
        "{sentence} Auf {location}: {qty}, soweit hier bekannt. Scannen Sie den Platz, um dort zu nehmen."
    ),
    "pick.nothing_short": (
        "Auf {picklist} wurde gerade keine Fehlmenge gemeldet. Melden Sie zuerst die Fehlmenge der Zeile."
    ),
    "pick.no_stock_there": "Auf {location} ist kein {item} bekannt. Wählen Sie einen anderen Platz.",
    "pick.replanned": "{item}: Nehmen Sie stattdessen {qty} von {location}. Gehen Sie zu {location}.",
    "pick.substituted": (
        "{item}: Stattdessen kommen {qty} von {got} von {location}. Gehen Sie dorthin und scannen Sie sie."
    ),
    "pick.no_substitute": (
        "{got} darf nicht für {item} hinausgehen: Der Auftrag nennt es nicht. Legen Sie es zurück, oder bitten Sie "
        "die Schichtleitung, es zu erlauben."
    ),
    "pick.not_short_for": (
        "Bei {item} fehlt nichts, wofür {got} hinausgehen könnte. Melden Sie zuerst die Fehlmenge, oder nehmen Sie "
        "einen anderen Artikel."
    ),
    "pick.substitute_unknown": "{sku} ist kein Artikel, der hier bekannt ist. Wählen Sie einen anderen.",
    "pick.substitute_nowhere": (
        "Von {got} ist hier nirgends etwas bekannt. Wählen Sie einen anderen Artikel, oder machen Sie ohne weiter."
    ),
    "pick.over": ("{item}: {qty} mehr als verlangt dürfen von {location} genommen werden. Scannen Sie jedes davon."),
    "pick.over_how_many": "{item}: Sagen Sie, wie viele Sie mehr nehmen, und warum.",
    "pick.over_open": "{item} ist noch nicht vollständig. Nehmen Sie erst, was verlangt ist, und dann mehr.",
    "pick.over_too_many": (
        "{item}: {asked} sind verlangt, und {qty} mehr sind zu viel: {most} mehr dürfen hier genommen werden. Legen "
        "Sie die übrigen zurück."
    ),
    "pick.nothing_left": "Alle Zeilen sind durch. Schließen Sie {picklist} ab.",
    "pick.undone": "Zurückgenommen: {item} steht bei {picked} von {qty}.",
    "pick.nothing_to_undo": "Auf {picklist} wurde noch nichts gezählt. Scannen Sie zuerst einen Artikel.",
    "pick.open_lines": (
        "Noch offene Zeilen: {open} von {lines}. Kommissionieren Sie sie oder melden Sie eine Fehlmenge."
    ),
    "pick.completed": "{picklist} ist abgeschlossen. Bestätigung {confirmation}.",
    # Chargen, Verfallsdaten, Seriennummern
    "pick.wants_lot": "{item}: Scannen oder tippen Sie die Charge.",
    "pick.wants_expiry": "{item}: Scannen oder tippen Sie das Verfallsdatum.",
    "pick.wants_serial": "{item}: Scannen Sie die Seriennummer.",
    "pick.item_first": "Noch kein Artikel ist in der Hand. Scannen Sie zuerst einen.",
    "pick.no_value": "{value} ist nicht möglich ({name} von {item}). Scannen oder tippen Sie noch einmal.",
    "pick.serials_only": "{item} hat Seriennummern. Scannen Sie die von jedem Stück.",
    "pick.serial_twice": "Seriennummer {serial} von {item} ist schon genommen. Scannen Sie jedes Stück einmal.",
    "pick.serial_of_many": (
        "Seriennummer {serial} gehört zu einem Stück von {item}, und mehr sind in der Hand. Scannen Sie das "
        "Stück selbst."
    ),
    "pick.serial_elsewhere": (
        "Seriennummer {serial} von {item} ist {where}, soweit hier bekannt. Legen Sie es beiseite und sagen Sie "
        "es der Schichtleitung."
    ),
    "pick.expired": (
        "{item}: {lot} ist seit {expires} abgelaufen. Legen Sie es beiseite, sagen Sie es der Schichtleitung und "
        "nehmen Sie ein anderes."
    ),
    "pick.other_lot": (
        "{item}: Charge {wanted} ist geplant, das ist {got}. Nehmen Sie {wanted} oder scannen Sie noch einmal, "
        "um die Charge zu wechseln."
    ),
    "pick.earlier_lot": (
        "{item}: Charge {lot} ist hier und läuft zuerst ab, am {expires}. Nehmen Sie sie oder scannen Sie {got} "
        "noch einmal, um diese zu nehmen."
    ),
    # Handgeräte: vieles auf einmal
    "pick.checked": "{picklist}: {accepted} von {told} sind richtig.",
    "pick.checked_not": "{sentence} {picklist} bleibt, wie sie war.",
    "pick.unknown_sku": "{sku} steht nicht auf {picklist}. Legen Sie es zurück.",
    "pick.wrong_place": "{item} ist von {places} zu nehmen, nicht von {location}. Legen Sie es zurück.",
    "pick.no_task": (
        "Aufgabe {task} steht nicht auf {picklist} oder gilt hier nicht für diesen Artikel. Lesen Sie die Liste neu."
    ),
    "pick.more_than_asked": (
        "{item}: Hier noch zu nehmen {left}, gescannt {qty}. Legen Sie zurück, was gescannt wurde."
    ),
    "pick.serial_missing": "{item} geht nach Seriennummer hinaus. Scannen Sie die von jedem Stück.",
    "pick.lot_missing": "{item} geht nach Charge hinaus. Scannen Sie die Charge dazu.",
    "pick.not_the_lot": (
        "{item}: Charge {wanted} ist geplant, das ist {got}. Legen Sie es zurück und nehmen Sie {wanted}."
    ),
    "pick.no_such_count": (
        "{item}: Eine solche Zählung lässt sich nicht zurücknehmen, genommen: {picked}. Sehen Sie noch einmal nach."
    ),
    "pick.not_short": (
        "{item}: {picked} von {qty} genommen, das ist also nicht die Fehlmenge. Sehen Sie noch einmal nach."
    ),
    "pick.no_worker": "{worker} arbeitet hier nicht. Wählen Sie jemanden, der hier arbeitet.",
    "pick.assigned": "{picklist} ist für {name}.",
    "pick.no_line": "Zeile {line} von {order} wurde hier nicht kommissioniert. Wählen Sie eine, die es wurde.",
    "pick.more_than_picked": "{item}: genommen {picked}, gemeldet {told}. Zählen Sie nach.",
    "pick.serials_kept": "{item}, gespeicherte Seriennummern: {number}.",
    "pick.lot_kept": "{item}: {qty} aus Charge {lot}.",
    # Ware zurück, Listen in anderen Händen
    "pick.rebin_open": (
        "{item} wird noch kommissioniert. Nehmen Sie die Zählung zurück oder schließen Sie zuerst die Zeile ab."
    ),
    "pick.rebin_too_many": "{item}: genommen {picked}, {qty} lässt sich nicht zurücklegen. Zählen Sie nach.",
    "pick.rebin_packed": "{item}: schon im Paket: {packed}. Nehmen Sie es zuerst heraus.",
    "pick.rebin_which": "{item} hat Seriennummern. Sagen Sie, welche zurückgehen (Menge {qty}).",
    "pick.rebin_serials": (
        "{item}: {serial} wurde nicht für diese Zeile genommen. Scannen Sie die Stücke in der Hand."
    ),
    "pick.not_open": "{picklist} ist nicht in Arbeit ({status}). Beginnen Sie sie zuerst.",
    "pick.put_before": "{item} ist für seinen Behälter in der Hand. Scannen Sie zuerst den Behälter am Arbeitsplatz.",
    "pick.released": "{picklist} ist zurückgelegt, Zeilen durch: {done} von {lines}. Sie ist für {whose}.",
    "pick.other_zone": (
        "{picklist} ist für Zone {zone}, und {workplace} arbeitet in {here}. Wählen Sie eine andere Liste oder "
        "eine andere Zone."
    ),
    "pick.zone": "{workplace} arbeitet ab jetzt in {zone}.",
    "pick.zone_where": "Sagen Sie, an welchem Arbeitsplatz Sie kommissionieren. Die Zone wird dafür gespeichert.",
    # Behälter mehrerer Aufträge
    "pick.put": "{sentence} Legen Sie es in den Behälter von Auftrag {order} und scannen Sie den Behälter.",
    "pick.put_right": "{tote} ist richtig: Er ist für Auftrag {order}.",
    "pick.put_any": (
        "{item} ist für Auftrag {order}, der noch keinen Behälter hat. Scannen Sie einen leeren Behälter dafür."
    ),
    "pick.put_first": "Legen Sie {item} zuerst in {wanted} und scannen Sie diesen Behälter.",
    "pick.wrong_tote": "{tote} ist für Auftrag {other}. Legen Sie {item} in {wanted} und scannen Sie diesen.",
    "pick.tote": "Behälter {tote} ist für Auftrag {order}.",
    "pick.tote_taken": "In Behälter {tote} ist schon Auftrag {order}. Nehmen Sie einen anderen Behälter.",
}
