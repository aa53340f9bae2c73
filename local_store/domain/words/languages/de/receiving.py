"""What is said of goods that come in and are put away, in German."""

SENTENCES = {
    "put_away.serial_gone": (
        "Seriennummer {serial} von {item} ist nicht am Dock, oder jemand anders hat sie. Scannen Sie die "
        "Nummer auf dem Stück."
    ),
    "put_away.unit_left": (
        "Seriennummer {serial} von {item} ist nicht mehr am Dock. Legen Sie das Stück zurück (Rückgängig) und "
        "scannen Sie, was da ist."
    ),
    # öffnen
    "receive.none": (
        "Hier ist nichts offen. Scannen Sie die Nummer oder eine Palette der Ankündigung, oder BLIND für andere Ware."
    ),
    "receive.unknown": (
        "{code} ist hier nicht angekündigt. Prüfen Sie die Papiere oder scannen Sie BLIND, um es ohne "
        "Ankündigung anzunehmen."
    ),
    "receive.opened": "{number} ist offen: {expected} Stück angekündigt, {received} gekommen. Scannen Sie Ware.",
    "receive.blind": (
        "Ware, die niemand angekündigt hat: Scannen Sie sie. Scannen Sie noch einmal BLIND, wenn alles gezählt ist."
    ),
    "receive.busy": "{work} ist hier offen. Schließen Sie das zuerst ab und scannen Sie dann {asked} noch einmal.",
    "receive.closed": "{number} ist abgeschlossen. Öffnen Sie es wieder, oder nehmen Sie die Ware mit BLIND an.",
    # scannen
    "receive.no_location": "{location} ist ein Platz. Scannen Sie hier die Ware; eingelagert wird später.",
    "receive.pallet": "Palette {sscc} ist gezählt: {units} Stück, Zeilen: {lines}.",
    "receive.pallet_again": "Palette {sscc} ist schon gezählt. Stellen Sie sie beiseite und scannen Sie die nächste.",
    "receive.pallet_elsewhere": (
        "Palette {sscc} gehört zu {number}. Schließen Sie ab, was hier offen ist, und scannen Sie die Palette "
        "dann noch einmal."
    ),
    "receive.container": (
        "{sscc} ist offen: Scannen Sie, was darauf ist, und noch einmal {sscc}, wenn alles gezählt ist."
    ),
    "receive.container_shut": "{sscc} ist gezählt: {units} Stück. Scannen Sie das Nächste.",
    "receive.serial_here": (
        "Seriennummer {serial} von {item} ist schon im Bestand ({account}). Prüfen Sie das Etikett oder fragen "
        "Sie die Schichtleitung."
    ),
    "receive.expires": (
        "{item} läuft am {day} ab und darf es nicht vor dem {wanted}. Weisen Sie es zurück, oder die "
        "Schichtleitung erlaubt es."
    ),
    "receive.over": (
        "{item}: angekündigt {announced}, {total} wäre zu viel. Weisen Sie den Rest zurück, oder die "
        "Schichtleitung erlaubt es."
    ),
    "receive.unexpected": (
        "{item} ist mit {number} nicht angekündigt. Weisen Sie es zurück, oder die Schichtleitung erlaubt es."
    ),
    "receive.weigh_each": "Jedes Stück von {item} wird gewogen. Scannen Sie es und stellen Sie es auf die Waage.",
    "receive.no_photo": "Ein Foto {sha256} gibt es auf dieser Station nicht. Nehmen Sie es noch einmal auf.",
    "receive.waits": (
        "{item} ist in der Hand und nicht gezählt: Es fehlt: {missing}. Geben Sie es an oder scannen Sie weiter."
    ),
    # das Ende
    "receive.done": "Erfasst. Gekommen: {units} Stück, Zeilen: {lines}.",
    "receive.nothing": "Es wurde nichts gezählt, also ist nichts erfasst.",
    # Ankündigungen
    "inbound.none": "{inbound} ist hier nicht angekündigt. Suchen Sie die Nummer in der Liste.",
    "inbound.counting": "{name} zählt noch Ware von {number}. Schließen Sie das zuerst ab.",
    "inbound.needs_second": (
        "{what}: Dafür braucht es eine zweite Person. Die Schichtleitung erlaubt es mit Ausweis und PIN."
    ),
    "inbound.allowed": "Erlaubt: {what}.",
    "inbound.allow_what": "Eine Erlaubnis gilt für eine Sache. Sagen Sie, wie viele, oder welches Verfallsdatum.",
    "inbound.closed": "{number} ist abgeschlossen, gekommen: {received} von {expected} Stück.",
    "inbound.closed_already": "{number} ist schon abgeschlossen. Es wurde nichts geändert.",
    "inbound.reopened": "{number} ist wieder offen. Scannen Sie, was gekommen ist.",
    "inbound.open_already": "{number} ist offen. Scannen Sie, was gekommen ist.",
    "inbound.rejected": (
        "Zurückgewiesen: {qty} von {item}. Das ist nicht im Bestand und geht mit dem Fahrer zurück."
    ),
    "receipt.none": "Einen Wareneingang {receipt} gibt es hier nicht. Suchen Sie die Nummer in der Liste.",
    "receipt.no_line": "Wareneingang {receipt} hat keine Zeile {line}. Die Zeilen werden ab 0 gezählt.",
    "receipt.no_change": "Zeile {line}: Eine Änderung um 0 sagt nichts. Lassen Sie die Zeile weg.",
    "receipt.twice": "Zeile {line} ist doppelt. Zählen Sie die beiden Änderungen zusammen.",
    "receipt.too_few": "Zeile {line}: Nur {qty} von {sku} sind gekommen. Nehmen Sie nicht mehr weg.",
    "receipt.gone": (
        "Zeile {line}: {account} nur noch {qty} von {sku}. Bringen Sie zuerst den Rest zurück oder "
        "zählen Sie den Platz."
    ),
    "receipt.serials": (
        "Zeile {line}: {sku} hat Seriennummern. Nennen Sie eine für jedes Stück, um das es bei der Berichtigung geht."
    ),
    "receipt.corrected": "Erfasst: Wareneingang {receipt} ist berichtigt, Zeilen: {lines}.",
    # einlagern
    "put_away.none": "Nichts ist in der Hand. Scannen Sie einen Artikel oder eine Palette am Wareneingang.",
    "put_away.unknown": "{code} ist hier nicht bekannt. Scannen Sie einen Artikel oder eine Palette am Wareneingang.",
    "put_away.not_on_dock": (
        "{item}: am Wareneingang {qty}. Nehmen Sie zuerst mehr an oder scannen Sie andere Ware."
    ),
    "put_away.pallet_gone": (
        "{sscc} ist nicht am Wareneingang. Scannen Sie eine andere Palette oder die Artikel einzeln."
    ),
    "put_away.take": "{what} in der Hand. Bringen Sie es zu {location} und scannen Sie den Platz.",
    "put_away.take_anywhere": (
        "{what} in der Hand. Kein Platz ist dafür vorgeschlagen: Bringen Sie es, wohin es passt, und scannen Sie "
        "den Platz."
    ),
    "put_away.in_hand": (
        "{what} ist in der Hand. Bringen Sie das zuerst zu {location} oder legen Sie es zurück (Rückgängig)."
    ),
    "put_away.whole_pallet": (
        "Eine ganze Palette ist in der Hand. Bringen Sie sie weg oder legen Sie sie zurück (Rückgängig)."
    ),
    "put_away.scan_serial": "{item} hat Seriennummern. Scannen Sie die Seriennummer von jedem Stück.",
    "put_away.has_serial": "Seriennummer {serial} ist schon in der Hand. Scannen Sie das nächste Stück.",
    "put_away.full": "{location} hat noch Platz für {room}, in der Hand: {qty}. Bringen Sie es zu {proposal}.",
    "put_away.not_mixed": (
        "Auf {location} liegt {other}, und dort darf nur ein Artikel liegen. Bringen Sie es zu {proposal}."
    ),
    "put_away.mixed": (
        "Auf {location} darf nur ein Artikel liegen, in der Hand sind mehrere. Bringen Sie es zu {proposal}."
    ),
    "put_away.done": "{what} liegt auf {location}. Scannen Sie das Nächste.",
    "put_away.laid_back": "{what} ist zurück am Wareneingang.",
    "put_away.nothing_to_undo": (
        "Nichts ist in der Hand. Was schon auf einem Platz liegt, wird mit einer Umlagerung bewegt."
    ),
    "stock_move.same": "{location} ist, wo es liegt. Nennen Sie einen anderen Platz.",
    "stock_move.no_location": "Einen Platz {location} gibt es hier nicht. Scannen Sie sein Schild.",
    "stock_move.no_product": "Einen Artikel {sku} gibt es hier nicht. Suchen Sie die Nummer in der Liste.",
    "stock_move.serials": "{sku}: Menge {qty}, Seriennummern: {serials}. Nennen Sie nicht mehr, als bewegt werden.",
    "stock_move.serial_elsewhere": (
        "Seriennummer {serial} von {sku} ist nicht auf {location}. Scannen Sie die Stücke dort noch einmal."
    ),
    "stock_move.done": "Erfasst: {qty} von {sku} gingen von {source} nach {target}.",
    "goods_label.no_place": "Kein Arbeitsplatz ist genannt. Sagen Sie, an welchem die Etiketten gedruckt werden.",
    "goods_label.asked": "Etiketten für {item} werden gedruckt: {copies}.",
}
