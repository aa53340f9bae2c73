"""What is said of packing and the scale, in German."""

SENTENCES = {
    # packen
    "pack.none": "Kein Paket ist offen. Scannen Sie einen Behälter oder einen Auftrag.",
    "pack.opened": "Auftrag {order}, zu prüfende Zeilen: {lines}. Scannen Sie {item}.",
    "pack.already": "Auftrag {order} ist schon offen.",
    "pack.other_open": "Auftrag {open} ist offen. Verschließen Sie ihn vor {order}.",
    "pack.not_picked": "Auftrag {order} ist noch nicht kommissioniert. Nehmen Sie einen anderen Behälter.",
    "pack.elsewhere": "Auftrag {order} wird gerade an {workplace} gepackt. Nehmen Sie einen anderen Behälter.",
    "pack.packed": "Auftrag {order} ist schon gepackt. Nehmen Sie einen anderen Behälter.",
    "pack.nothing_picked": (
        "Für Auftrag {order} wurde nichts kommissioniert. Bringen Sie den Behälter zur Schichtleitung."
    ),
    "pack.unknown": "{id} ist hier nicht bekannt. Scannen Sie einen Behälter oder einen Auftrag.",
    "pack.not_in_order": "{got} gehört nicht zu Auftrag {order}. Legen Sie es beiseite und scannen Sie {item}.",
    "pack.not_in_order_all_in": (
        "{got} gehört nicht zu Auftrag {order}. Legen Sie es beiseite; es ist schon alles drin."
    ),
    "pack.counted": "{item}: {packed} von {qty}.",
    "pack.line_done": "{item}: {qty} von {qty}. Zeile fertig.",
    "pack.all_done": "Alles ist drin. Schließen Sie den Karton und stellen Sie ihn auf die Waage.",
    "pack.too_many": "{item}: Nur {qty} verlangt, {packed} gezählt. Nehmen Sie {extra} heraus.",
    "pack.line_full": "{got} ist in Auftrag {order} vollständig. Nehmen Sie es heraus und scannen Sie {item}.",
    "pack.line_full_all_in": (
        "{got} ist in Auftrag {order} vollständig. Nehmen Sie es heraus; es ist schon alles drin."
    ),
    "pack.nothing_left": "Alles ist drin. Wiegen Sie das Paket.",
    "pack.undone": "Zurückgenommen: {item} steht bei {packed} von {qty}.",
    "pack.nothing_to_undo": "In dieses Paket wurde noch nichts gezählt. Scannen Sie zuerst einen Artikel.",
    "pack.not_verified": "Noch nicht geprüfte Zeilen: {open} von {lines}. Scannen Sie {item}.",
    "pack.weighed": "{weight}. Verschließen Sie das Paket.",
    "pack.not_weighed": "Das Paket ist noch nicht gewogen. Stellen Sie es auf die Waage und wiegen Sie.",
    "pack.wrong_weight": (
        "{found} Prüfen Sie, was im Karton ist, und wiegen Sie noch einmal oder nennen Sie einen Grund."
    ),
    "pack.sealed": "Auftrag {order} ist verschlossen. Das Etikett {sscc} kommt gleich.",
    "pack.sealed_numbered": "Auftrag {order} ist als {package} verschlossen. Das Etikett {sscc} kommt gleich.",
    "pack.no_numbers": (
        "Hier sind keine Nummern mehr frei ({what}). Stellen Sie das Paket beiseite und sagen Sie es der IT: Die "
        "Zentrale vergibt sie, oder numbers.{kind} in edge.toml."
    ),
    # mehrere Pakete, mehrere Aufträge
    "pack.next_parcel": (
        "Paket {number} ist offen, Paket {full} wartet auf die Waage. Scannen Sie {item} in Paket {number}."
    ),
    "pack.parcel_empty": "Paket {number} ist noch leer. Legen Sie etwas hinein, bevor Sie das nächste beginnen.",
    "pack.too_many_parcels": "Auftrag {order} hat schon {most} Pakete. Legen Sie den Rest in eines davon.",
    "pack.parcel_chosen": "Paket {number} von Auftrag {order}: Was Sie jetzt scannen, kommt hinein.",
    "pack.no_parcel": "Auftrag {order} hat kein Paket {number}. Wählen Sie eines, das auf dem Bildschirm steht.",
    "pack.parcel_closed": (
        "Paket {number} von Auftrag {order} ist verschlossen und ändert sich nicht mehr. Wählen Sie ein anderes "
        "oder lassen Sie es ungültig machen."
    ),
    "pack.not_in_parcel": (
        "{qty} von {sku} lassen sich nicht umpacken: In Paket {number} sind {held}. Zählen Sie nach und nennen "
        "Sie ein anderes Paket als Ziel."
    ),
    "pack.which_serials": (
        "Sagen Sie, welche Stücke gehen: Paket {number} enthält die Seriennummern {serials}. Scannen Sie für "
        "jedes Stück eine."
    ),
    "pack.repacked": "{qty} von {item} sind von Paket {source} in Paket {target} gewandert.",
    "pack.parcel_weighed": "Paket {number}: {weight}. Verschließen Sie es.",
    "pack.parcel_sealed": (
        "Paket {number} von Auftrag {order} ist verschlossen. Das Etikett {sscc} kommt gleich. Weiter mit {item}."
    ),
    "pack.parcel_sealed_all_in": (
        "Paket {number} von Auftrag {order} ist verschlossen. Das Etikett {sscc} kommt gleich. Weiter "
        "mit dem nächsten Paket."
    ),
    "pack.resumed": "Auftrag {order} ist vorn. Scannen Sie {item}.",
    "pack.resumed_all_in": "Auftrag {order} ist vorn, und alles ist drin. Wiegen und verschließen Sie ihn.",
    "pack.short": "{item}: {missing} nicht da ({reason}).",
    "pack.nothing_there": (
        "Dann würde von Auftrag {order} nichts versendet. Bringen Sie den Behälter zur Schichtleitung."
    ),
    # Seriennummern
    "pack.wants_serial": "{item}: Scannen Sie die Seriennummer.",
    "pack.serials_singly": "{item} hat Seriennummern. Scannen Sie jedes Stück und dann seine Seriennummer.",
    "pack.serial_twice": "Seriennummer {serial} von {item} ist schon drin. Scannen Sie das nächste Stück.",
    "pack.serial_packed": (
        "Seriennummer {serial} von {item} ist in einem anderen Paket. Legen Sie das Stück beiseite und sagen Sie "
        "es der Schichtleitung."
    ),
    "pack.serial_not_picked": (
        "Seriennummer {serial} von {item} wurde nicht für Auftrag {order} kommissioniert. Legen Sie es beiseite "
        "und nehmen Sie eines aus dem Behälter."
    ),
    # vor dem Verschließen
    "pack.confirm_first": (
        "Lesen und bestätigen Sie das, dann verschließen Sie: {note} Scannen Sie CONFIRM oder tippen Sie darauf."
    ),
    "pack.confirmed": "Hinweise bestätigt: {notes}, übrig: {left}.",
    "pack.no_note": "Auftrag {order} hat keinen solchen Hinweis. Packen Sie weiter.",
    "pack.photo_first": "Fotografieren Sie Paket {number} von Auftrag {order}, dann verschließen Sie es.",
    "pack.no_photo": (
        "Dieses Foto von Auftrag {order} ist nicht hier. Nehmen Sie es noch einmal auf und senden Sie es zuerst."
    ),
    "pack.photographed": "Das Foto von Paket {number} ist gespeichert.",
    "pack.carton": "Paket {number} ist ein {carton}.",
    "pack.no_carton": "Einen Karton {carton} gibt es hier nicht. Wählen Sie einen aus der Liste.",
    "pack.material": "{qty} von {material} in Paket {number}.",
    "pack.material_none": "{qty} von {material} ist nicht möglich. Tippen Sie, wie viele hineinkamen.",
    "pack.measured": "Paket {number} misst {size}.",
    # nach dem Verschließen
    "pack.void_unknown": (
        "Ein verschlossenes Paket {package} gibt es hier nicht. Scannen Sie das Etikett noch einmal."
    ),
    "pack.void_approval": (
        "Paket {package} ist verschlossen. Die Schichtleitung muss erlauben, dass es geöffnet wird."
    ),
    "pack.voided": (
        "Paket {package} ist ungültig. Vernichten Sie das Etikett {sscc}, nehmen Sie alles heraus und packen Sie "
        "Auftrag {order} neu."
    ),
    "pack.not_all_packed": "Auftrag {order} ist nicht gepackt. Verschließen Sie zuerst seine Pakete.",
    "pack.shipment_asked": "Die Sendung von Auftrag {order} ist angefordert, Pakete: {parcels}.",
    "pack.shipment_known": "Die Sendung von Auftrag {order} war schon angefordert: Es wurde nichts geändert.",
    # Pakete, die im Ganzen gemeldet werden
    "pack.session_of_other": (
        "Die Sitzung soll für {worker} sein, der Schlüssel gehört {name}. Nehmen Sie den Schlüssel der Person, "
        "die packt."
    ),
    "pack.package_taken": "Paket {package} ist hier schon bekannt. Geben Sie jedem Paket eine eigene Nummer.",
    "pack.no_package": "Ein Paket {package} gibt es hier nicht. Packen Sie es zuerst.",
    "pack.no_lines": (
        "Paket {package}: Kein Auftrag hat alle Zeilen {lines}, jede einmal. Nennen Sie den Auftrag, zu dem sie "
        "gehören."
    ),
    "pack.item_wrong": (
        "Das kann nicht sein: {qty} von {item}, Seriennummern: {serials}. Sagen Sie, wie viele, und von "
        "jedem die Seriennummer."
    ),
    "pack.two_hqs": (
        "Die Aufträge {orders} gehören zu verschiedenen Zentralen. Melden Sie die Pakete jeder Zentrale einzeln."
    ),
    "pack.recorded": "Erfasst. Gepackte und gewogene Pakete: {parcels}.",
    # Waage
    "scale.none": (
        "Keine Waage hat ein Gewicht geliefert. Prüfen Sie, ob sie an und verbunden ist, und wiegen Sie noch einmal."
    ),
    "scale.moving": "Die Waage ist nicht in Ruhe. Lassen Sie das Paket los und wiegen Sie noch einmal.",
    "scale.old": "Die Waage hat seit Ihrer Anfrage kein neues Gewicht geliefert. Wiegen Sie noch einmal.",
    "scale.over": "Das Paket ist zu schwer für die Waage. Nehmen Sie eine größere.",
    "scale.under": "Die Waage ist unter null. Leeren Sie sie, stellen Sie sie auf null und wiegen Sie noch einmal.",
    "scale.fault": (
        "Die Waage meldet einen Fehler ({fault}). Schalten Sie sie aus und wieder ein und wiegen Sie noch einmal."
    ),
    "scale.not_emptied": (
        "Die Waage war seit dem letzten Paket nicht leer. Nehmen Sie das Paket herunter, warten Sie auf null, "
        "stellen Sie es wieder darauf und wiegen Sie."
    ),
    "scale.empty": "Die Waage zeigt {weight}. Stellen Sie das Paket darauf und wiegen Sie noch einmal.",
}
