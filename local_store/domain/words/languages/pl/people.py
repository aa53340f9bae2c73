"""What is said of people, in Polish."""

SENTENCES = {
    "worker.signed_in": "Witaj, {name}.",
    "worker.signed_out": "Wylogowano: {name}.",
    "worker.already": "Tu już zalogowano: {name}.",
    "worker.none": "Nikt nie jest tu zalogowany. Najpierw zeskanuj swój identyfikator.",
    "worker.busy": "{name} ma tu otwartą pracę. Najpierw ją zakończ albo wyloguj tę osobę.",
    "worker.role": "{name} nie ma tu uprawnień ({work}). Poproś kierownika zmiany o rolę: {role}.",
    "worker.leaves_work": "Wylogowano: {name}. Otwarta praca czeka tu na następny identyfikator.",
    "worker.may_not": "{name} nie ma do tego uprawnień, wymagana rola: {roles}. Zapytaj kierownika zmiany.",
    "worker.may_not_approve": (
        "{name} nie może na to zezwolić. Identyfikator musi zeskanować inna osoba, która jest tu kierownikiem zmiany."
    ),
    "worker.badges_ended": (
        "{name} nie może się zalogować ani na nic zezwolić: identyfikatory były ważne do {until}; centrala odnowi "
        "je, gdy odpowie."
    ),
    "pin.nobody": "Nie ma tu osoby {person}. Sprawdź ponownie listę osób.",
    "pin.free": "{name} może już wpisać PIN.",
    "pin.unlocked": "{name} może znowu wpisać PIN.",
    "device.registered": "Urządzenie {device} jest tu teraz znane.",
}
