"""What is said of inspections and holds, in German."""

SENTENCES = {
    "qc.unknown": (
        "{id} ist kein Auftrag, keine Retoure und kein Wareneingang, der hier bekannt ist. Suchen Sie die Nummer "
        "in der Liste."
    ),
    "qc.already": "{id} wird schon geprüft.",
    "qc.started": "Prüfung von {id}: Sehen Sie sich {units} von {all} Stück an.",
    "qc.none": "Eine Prüfung {id} gibt es hier nicht. Beginnen Sie zuerst eine.",
    "qc.over": "Die Prüfung von {id} ist abgeschlossen. Beginnen Sie eine neue, wenn mehr gefunden wurde.",
    "qc.no_photo": "Das Foto {sha256}… ist nicht auf dieser Station. Senden Sie es zuerst und erfassen Sie es dann.",
    "qc.recorded": "Erfasst. Angesehen: {seen} von {wanted} Stück.",
    "qc.too_few": "{id}, angesehen: {seen} von {wanted} Stück. Prüfen Sie die anderen und schließen Sie dann ab.",
    "qc.resolved": "Erfasst: {id}, Entscheidung: {disposition}.",
    "hold.what": (
        "Sagen Sie, was gesperrt werden soll: ein Artikel, eine Charge oder ein Stück davon, oder ein Platz."
    ),
    "hold.held": "Gesperrt: {goods}. Niemand kann es kommissionieren oder packen, bis es freigegeben ist.",
    "hold.none": "Eine Sperre {id} gibt es hier nicht. Sehen Sie noch einmal in die Liste.",
    "hold.released": "Freigegeben: {goods}.",
    "hold.taken": (
        "{item} darf nicht genommen werden: {goods} ist gesperrt ({reason}). Lassen Sie es liegen und fragen Sie "
        "die Qualitätsprüfung."
    ),
}
