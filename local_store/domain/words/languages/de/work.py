"""What is said of any command, in German."""

SENTENCES = {
    "work.no_room": (
        "{work} wird nicht geöffnet: Der Speicher dieser Station ist voll. Schließen Sie ab, was offen ist, und "
        "sagen Sie es der IT."
    ),
    "work.too_old": (
        "Tage, seit die Zentrale zuletzt zu hören war: {days}; nach {most} wird ihre Arbeit nicht mehr "
        "begonnen, denn sie kann abgesagt sein. Schließen Sie ab, was offen ist, und sagen Sie es der IT."
    ),
    "quantity.bad": "{keyed} ist keine Menge. Tippen Sie eine ganze Zahl über null.",
    "quantity.scan_first": "Scannen Sie {item} einmal, bevor Sie eine Menge tippen.",
    "quantity.fewer": (
        "Schon gezählt: {counted}, Sie haben {keyed} getippt. Mit Rückgängig nehmen Sie eine Zählung zurück."
    ),
    "quantity.same": "{item}: {counted} von {wanted} bleibt, wie es ist.",
    "work.kind": "Das geht an {workplace} nicht ({what}), der Arbeitsplatz ist für etwas anderes ({work}).",
    "work.received": "Erhalten.",
    "work.answer_lost": (
        "Das wurde schon getan; die Antwort ging verloren, als der Speicher beschädigt wurde. Sehen Sie in die "
        "Liste und machen Sie dort weiter."
    ),
}
