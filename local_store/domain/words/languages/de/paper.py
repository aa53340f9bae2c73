"""What is said of labels and files, in German."""

SENTENCES = {
    # Etiketten
    "label.confirmed": "Etikett {sscc} ist auf Auftrag {order}.",
    "label.known": "Das ist das Etikett von Auftrag {order}.",
    "label.checked": "Etikett {sscc} ist auf Auftrag {order}.",
    "label.still_waits": "Etikett {sscc} von Auftrag {order} wartet auf den Druck.",
    "label.swapped": (
        "Das ist das Etikett von Auftrag {order}, und der Karton hier ist Auftrag {wanted}. Nehmen Sie es ab, "
        "kleben Sie Etikett {wanted_sscc} auf und suchen Sie den Karton von Auftrag {order}."
    ),
    "label.other_came_out": (
        "Das ist das Etikett von Auftrag {order}: Es ist herausgekommen. Der Karton hier ist Auftrag {wanted}; "
        "scannen Sie darauf Etikett {wanted_sscc}."
    ),
    "label.voided_scan": (
        "Etikett {sscc} von Auftrag {order} ist ungültig und darf nicht benutzt werden. Vernichten Sie es."
    ),
    "label.older_copy": (
        "Das ist ein älteres Etikett von Auftrag {order}. Vernichten Sie es und scannen Sie das mit COPY {copy}."
    ),
    "label.check_first": (
        "Scannen Sie das Etikett auf dem Karton von Auftrag {order}, bevor Sie einen anderen Auftrag öffnen."
    ),
    "label.settle_first": (
        "Etikett {sscc} von Auftrag {order} ist noch nicht auf seinem Karton. Klären Sie es zuerst in der Liste "
        "der Etiketten."
    ),
    "label.decided_out": "Etikett {sscc} gilt als gedruckt. Scannen Sie es, wenn es auf dem Karton ist.",
    "label.reprint": (
        "Etikett {sscc} wird noch einmal gedruckt, mit COPY {copy}. Vernichten Sie das andere, falls es auftaucht."
    ),
    "label.settled": "Für Etikett {sscc} ist nichts zu entscheiden: Es ist {state}.",
    "label.released": "Etikett {sscc} wird jetzt gedruckt.",
    "label.discarded": "Etikett {sscc} ist verworfen. Es bleibt in der Liste, falls es gebraucht wird.",
    "label.no_reprint": (
        "Etikett {sscc} ist {state}. Nur ein Etikett, das herauskam, kann noch einmal gedruckt werden. Klären "
        "Sie es in der Liste."
    ),
    "label.copy_waits": (
        "Eine weitere Kopie von Etikett {sscc} ist schon verlangt. Klären Sie diese zuerst in der Liste der "
        "Etiketten."
    ),
    "label.voided": "Etikett {sscc} ist ungültig, seine Nummer wird nie wieder benutzt. Vernichten Sie das Etikett.",
    "label.no_void": "Etikett {sscc} ist {state}. Warten Sie, bis das vorbei ist, und machen Sie es dann ungültig.",
    "label.no_number": "Etikett {title} hat keine Nummer, die ungültig werden könnte. Werfen Sie es weg.",
    "label.asked": "Etikett {title} kommt gleich.",
    "label.not_plain": "{template} ist kein Etikett, das einzeln gedruckt wird. Es gibt {known}.",
    "label.unknown": "Einen Druckauftrag {job} gibt es nicht. Sehen Sie in die Liste der Etiketten.",
    # Dateien
    "carrier_label.kept": "Das Etikett des Frachtführers für Auftrag {order} ist da.",
    "carrier_label.known": "Das Etikett des Frachtführers für Auftrag {order} war schon da.",
    "carrier_label.no_parcel": (
        "{id} ist hier nicht bekannt, deshalb wird das Etikett des Frachtführers dafür nicht behalten."
    ),
    "carrier_label.again": (
        "Etikett {sscc} wird noch einmal gedruckt, genau wie vom Frachtführer. Vernichten Sie das andere, falls "
        "es auftaucht."
    ),
    "file.no_room": (
        "Für eine weitere Datei ist kein Platz: Eine Station behält höchstens {most} MB. Alte gehen nachts von "
        "selbst."
    ),
}
