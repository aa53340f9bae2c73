"""What is said of any command, in Polish."""

SENTENCES = {
    "work.no_room": "Nie otwarto {work}: dysk tej stacji jest pełny. Dokończ, co jest otwarte, i powiadom dział IT.",
    "work.too_old": (
        "Brak wieści z centrali (dni: {days}, dozwolone: {most}), więc jej praca mogła zostać odwołana i nie wolno "
        "jej zaczynać. Dokończ, co jest otwarte, i powiadom dział IT."
    ),
    "quantity.bad": "{keyed} nie jest ilością. Wpisz liczbę całkowitą większą od zera.",
    "quantity.scan_first": "Zeskanuj raz {item}, zanim wpiszesz ilość.",
    "quantity.fewer": "Policzono już {counted}, a wpisano {keyed}. Użyj Cofnij, aby wycofać liczenie.",
    "quantity.same": "{item}: {counted} z {wanted}, bez zmian.",
    "work.kind": "Na stanowisku {workplace} to niemożliwe ({what}). Przeznaczenie stanowiska: {work}.",
    "work.received": "Odebrano.",
    "work.answer_lost": (
        "To już zrobiono; odpowiedź przepadła, gdy uszkodziła się baza danych. Sprawdź listę i kontynuuj od tego "
        "miejsca."
    ),
}
