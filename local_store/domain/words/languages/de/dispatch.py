"""What is said of loading, manifests and notices, in German."""

SENTENCES = {
    "vendor.unit_elsewhere": (
        "Seriennummer {serial} von {sku} ist, soweit hier bekannt, hier: {where}. Scannen Sie die Nummer auf dem "
        "Stück."
    ),
    # verladen
    "load.none": "Hier wird nichts verladen. Scannen Sie ein Paket oder das Blatt einer begonnenen Ladeliste.",
    "load.opened": "{carrier} an {dock}, {day}. Verladene Pakete: {loaded}. Scannen Sie das nächste Paket.",
    "load.loaded": "Auftrag {order} ist verladen. Pakete für {carrier}: {loaded}, noch offen: {missing}.",
    "load.all_on": "Auftrag {order} ist verladen. Für {carrier} ist alles verladen, Pakete: {loaded}.",
    "load.unknown": (
        "{code} ist kein Paket, das diese Station kennt. Scannen Sie das Etikett des Pakets oder fragen Sie die "
        "Schichtleitung."
    ),
    "load.order_code": (
        "{code} nennt den Auftrag {order}, aber kein Paket davon. Scannen Sie das Etikett auf dem Paket."
    ),
    "load.not_sealed": (
        "Auftrag {order} ist noch nicht verschlossen. Bringen Sie ihn zum Packplatz zurück, er wird nicht verladen."
    ),
    "load.voided": (
        "Das Etikett {sscc} von Auftrag {order} ist ungültig. Behalten Sie das Paket hier und fragen Sie die "
        "Schichtleitung nach einem gültigen Etikett."
    ),
    "load.asks": (
        "Auftrag {order} darf noch nicht weg: {why} Stellen Sie ihn beiseite und fragen Sie die Schichtleitung."
    ),
    "load.wrong_carrier": (
        "Auftrag {order} geht mit {wanted}, hier wird {carrier} verladen. Bringen Sie ihn zum Tor von {wanted}."
    ),
    "load.no_carrier": (
        "Für Auftrag {order} ist kein Frachtführer genannt. Öffnen Sie zuerst die Ladeliste eines Frachtführers "
        "und scannen Sie ihn dann noch einmal."
    ),
    "load.already": (
        "Auftrag {order} ist schon verladen: auf {manifest} für {carrier} an {dock}. Scannen Sie das nächste Paket."
    ),
    "load.left": (
        "Auftrag {order} ist schon weg, mit {carrier} am {day} ({manifest}). Klären Sie, welches Paket das ist."
    ),
    "load.undone": "Zurückgenommen: Auftrag {order} ist nicht verladen. Verladene Pakete: {loaded}.",
    "load.nothing_to_undo": "Auf dieser Ladeliste ist noch nichts. Scannen Sie zuerst ein Paket.",
    "load.not_on": "{code} ist nicht auf der Ladeliste {manifest}. Sehen Sie nach, was darauf ist.",
    "load.unloaded": (
        "Auftrag {order} ist von der Ladeliste. Stellen Sie das Paket zurück; verladene Pakete: {loaded}."
    ),
    "load.one_by_one": "Pakete werden einzeln verladen. Scannen Sie das nächste Paket.",
    # Ladelisten
    "manifest.unknown": "Eine Ladeliste {id} gibt es hier nicht. Sehen Sie in die Übersicht der Ladelisten.",
    "manifest.closed_already": (
        "Ladeliste {id} ist abgeschlossen: {carrier} ist am {day} abgefahren. Öffnen Sie eine neue für das, was "
        "noch hier ist."
    ),
    "manifest.empty": "Auf Ladeliste {id} ist nichts. Scannen Sie, was verladen ist, bevor Sie sie abschließen.",
    "manifest.missing": (
        "Für {carrier} verschlossen und nicht verladen: {missing} ({orders}). Verladen Sie, was fehlt, "
        "oder schließen Sie ohne ab."
    ),
    "manifest.closed": "{carrier} ist weg. Verladene Pakete: {loaded}, zurückgeblieben: {missing}.",
    # Avise und Ware an Lieferanten
    "notice.exists": "Das Avis {ref} gibt es schon. Geben Sie einem weiteren eine eigene Nummer.",
    "notice.not_loaded": (
        "{what} steht auf keiner Ladeliste, die von hier abgefahren ist. Verladen Sie, was fehlt, und "
        "schließen Sie die Ladeliste ab, bevor Sie es ankündigen."
    ),
    "notice.nothing_loaded": (
        "Davon ist nichts mit einer Ladeliste von hier abgefahren. Verladen Sie es und schließen Sie die "
        "Ladeliste ab, bevor Sie es ankündigen."
    ),
    "notice.two_manifests": (
        "Diese sind mit mehr als einer Ladeliste abgefahren. Machen Sie für jede ein eigenes Avis, eins nach dem "
        "anderen."
    ),
    "notice.made": "Avis {ref} ist erstellt. Aufträge unterwegs: {orders}.",
    "vendor.none": "{qty} von {sku} ist nichts zum Senden. Tippen Sie mehr als null oder lassen Sie die Zeile weg.",
    "vendor.too_few": "{sku}: {where} nur {here}, nicht {qty}. Zählen Sie nach oder senden Sie weniger.",
    "vendor.serials": (
        "{sku}: Menge {qty}, Seriennummern: {serials}. Scannen Sie jedes Stück einmal und lassen Sie keines aus."
    ),
    "vendor.shipped": "Zurück an {vendor}: {units} Stück.",
    # Tagesende
    "day.left": (
        "Es ist nicht alles erledigt. Pakete nicht verschlossen: {unsealed}, verschlossen und nicht "
        "verladen: {not_loaded}, wartende Etiketten: {labels}, Meldungen noch nicht bei der Zentrale: "
        "{unsent}, festhängend: {parked}. Sehen Sie in die Liste oder schließen Sie den Tag so ab."
    ),
    "day.closed_already": "{day} ist schon abgeschlossen. Was seither getan wurde, zählt zum nächsten Tag.",
    "day.closed": "{day} ist abgeschlossen. Abgefahrene Pakete: {dispatched}, Ladelisten: {manifests}.",
}
