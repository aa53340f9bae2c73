"""What is said of counts, in German."""

SENTENCES = {
    # am Regal
    "count.none": "Hier ist keine Zählung offen. Scannen Sie den Platz, der gezählt werden soll.",
    "count.no_task": (
        "Für {location} ist keine Zählung verlangt. Scannen Sie einen anderen Platz oder fragen Sie die "
        "Schichtleitung."
    ),
    "count.opened": "Zählen Sie {what} auf {location}. Scannen Sie zuerst {location}.",
    "count.begun": "{location}: Scannen Sie {what}. Scannen Sie am Ende noch einmal {location}.",
    "count.other_open": (
        "Hier wird gerade {open} gezählt. Schließen Sie das ab, bevor Sie eine andere Zählung beginnen."
    ),
    "count.elsewhere": "{location} wird gerade an {workplace} gezählt. Zählen Sie einen anderen Platz.",
    "count.other_worker": (
        "{name} hat {location} schon gezählt, und ein zweites Paar Augen ist verlangt. Überlassen Sie es jemand "
        "anderem."
    ),
    "count.location_first": "Gezählt wird erst vor Ort. Gehen Sie zu {location} und scannen Sie den Platz.",
    "count.wrong_location": "Das ist {location}, gezählt wird {wanted}. Gehen Sie zu {wanted}.",
    "count.only": "Diese Zählung gilt nur für {wanted}. Lassen Sie {got}, wo es ist.",
    "count.condition": (
        "Beschädigte Ware zählt nicht als Bestand. Legen Sie sie beiseite, sagen Sie es der Schichtleitung und "
        "zählen Sie den Rest."
    ),
    "count.empty_asked": (
        "Auf {location} wurde nichts gezählt. Wenn der Platz leer ist, scannen Sie {location} noch einmal."
    ),
    "count.right": "{location} ist gezählt, alles war wie erwartet.",
    "count.corrected": "{location} ist gezählt. Berichtigt: {items}.",
    "count.recount": (
        "{location} ist gezählt. Das Ergebnis weicht vom Erwarteten ab, deshalb zählt jemand anderes noch einmal."
    ),
    # was die Schichtleitung tut
    "count.asked": "{location} wird gezählt: {reason}.",
    "count.asked_already": "Für {location} ist schon eine Zählung offen ({reason}). Warten Sie sie ab.",
    "count.no_location": (
        "Einen Platz {location} gibt es hier nicht. Sehen Sie auf das Schild und tippen Sie ihn neu."
    ),
    "count.no_product": "Einen Artikel {sku} gibt es hier nicht. Suchen Sie die Nummer in der Liste.",
    "count.planned": "Zu zählende Plätze: {many}.",
    "count.none_due": "Kein Platz ist zum Zählen fällig.",
    "count.unknown": "Eine Zählung {id} gibt es hier nicht. Wählen Sie eine aus der Liste.",
    "count.settled_already": (
        "Die Zählung von {location} ist abgeschlossen. Wenn sie nicht stimmt, verlangen Sie eine neue."
    ),
    "count.nothing_counted": (
        "Noch niemand hat {location} gezählt, also gibt es nichts zu übernehmen. Lassen Sie zählen oder "
        "streichen Sie die Zählung."
    ),
    "count.moved_since": (
        "Seit der Zählung wurde mehr {sku} von {location} genommen, als dort war. Lassen Sie noch einmal zählen."
    ),
    "count.kept": "Die Zählung von {location} ist abgeschlossen. Der Bestand bleibt, wie er geführt war.",
    "stock.adjusted": "{qty} von {item} auf {location}: berichtigt, vorher {before} ({reason}).",
    "stock.as_it_is": "{qty} von {item} auf {location}: So war es schon geführt.",
    "stock.negative": "{qty} von {item} ist nicht möglich. Tippen Sie null oder mehr.",
    "stock.serials": "{item} hat Seriennummern, eine Menge genügt nicht. Verlangen Sie eine Zählung von {location}.",
}
