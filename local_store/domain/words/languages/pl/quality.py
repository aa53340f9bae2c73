"""What is said of inspections and holds, in Polish."""

SENTENCES = {
    "qc.unknown": "{id} nie jest znanym tu zamówieniem, zwrotem ani przyjęciem. Wyszukaj numer na liście.",
    "qc.already": "Kontrola {id} już trwa.",
    "qc.started": "Kontrola {id}: sprawdź {units} z {all} szt.",
    "qc.none": "Nie ma tu kontroli {id}. Najpierw ją rozpocznij.",
    "qc.over": "Kontrola {id} jest rozstrzygnięta. Jeśli znaleziono coś jeszcze, rozpocznij nową.",
    "qc.no_photo": "Zdjęcia {sha256}… nie ma na tej stacji. Najpierw je wyślij, potem zapisz.",
    "qc.recorded": "Zapisano: sprawdzono {seen} z {wanted} szt.",
    "qc.too_few": "{id}: sprawdzono {seen} z {wanted} szt. Skontroluj pozostałe, potem rozstrzygnij.",
    "qc.resolved": "Zapisano: {id}, decyzja: {disposition}.",
    "hold.what": "Podaj, co zablokować: towar, jego partię lub sztukę albo lokalizację.",
    "hold.held": "Zablokowano: {goods}. Do zwolnienia blokady nie wolno tego kompletować ani pakować.",
    "hold.none": "Nie ma tu blokady {id}. Sprawdź listę ponownie.",
    "hold.released": "Zwolniono blokadę: {goods}.",
    "hold.taken": (
        "Nie wolno pobrać {item}, blokada: {goods} ({reason}). Zostaw towar na miejscu i zapytaj kontrolę jakości."
    ),
}
