"""What is said of counts, in Polish."""

SENTENCES = {
    # przy regale
    "count.none": "Nie ma tu otwartego liczenia. Zeskanuj lokalizację do policzenia.",
    "count.no_task": "Nikt nie zlecił liczenia lokalizacji {location}. Zeskanuj inną albo zapytaj kierownika zmiany.",
    "count.opened": "Policz w lokalizacji {location}: {what}. Najpierw zeskanuj {location}.",
    "count.begun": "{location}: zeskanuj {what}. Na koniec zeskanuj ponownie {location}.",
    "count.other_open": "Trwa tu liczenie lokalizacji {open}. Zakończ je, zanim zaczniesz następne.",
    "count.elsewhere": "Lokalizacja {location} jest liczona na stanowisku {workplace}. Policz inną.",
    "count.other_worker": (
        "Lokalizacja {location} jest już policzona ({name}), a drugie liczenie musi wykonać ktoś inny. Zostaw je "
        "innej osobie."
    ),
    "count.location_first": "Liczenie zaczyna się na miejscu. Przejdź do {location} i zeskanuj lokalizację.",
    "count.wrong_location": "To jest {location}, a do policzenia jest {wanted}. Przejdź do {wanted}.",
    "count.only": "To liczenie obejmuje tylko towar {wanted}. Zostaw na miejscu: {got}.",
    "count.condition": (
        "Uszkodzone sztuki nie liczą się do zapasu. Odłóż je na bok, powiadom kierownika zmiany i policz resztę."
    ),
    "count.empty_asked": (
        "W lokalizacji {location} nic nie policzono. Jeśli jest pusta, zeskanuj {location} jeszcze raz."
    ),
    "count.right": "Lokalizacja {location} policzona, stan się zgadza.",
    "count.corrected": "Lokalizacja {location} policzona. Skorygowano: {items}.",
    "count.recount": (
        "Lokalizacja {location} policzona. Wynik różni się od stanu w systemie, więc ponownie policzy ją ktoś inny."
    ),
    # co robi kierownik zmiany
    "count.asked": "Zlecono liczenie lokalizacji {location}: {reason}.",
    "count.asked_already": "Liczenie lokalizacji {location} jest już otwarte ({reason}). Poczekaj na wynik.",
    "count.no_location": "Nie ma tu lokalizacji {location}. Sprawdź jej etykietę i wpisz ją ponownie.",
    "count.no_product": "Nie ma tu towaru {sku}. Wyszukaj numer na liście.",
    "count.planned": "Lokalizacje do policzenia: {many}.",
    "count.none_due": "Żadna lokalizacja nie wymaga teraz liczenia.",
    "count.unknown": "Nie ma tu liczenia {id}. Wybierz liczenie z listy.",
    "count.settled_already": "Liczenie lokalizacji {location} jest zakończone. Jeśli wynik jest błędny, zleć nowe.",
    "count.nothing_counted": (
        "Lokalizacji {location} nikt jeszcze nie policzył, więc nie ma czego zatwierdzić. Zleć policzenie albo "
        "odwołaj to liczenie."
    ),
    "count.moved_since": "Od liczenia pobrano z {location} więcej towaru {sku}, niż tam było. Zleć ponowne liczenie.",
    "count.kept": "Liczenie lokalizacji {location} zakończone. Stan w systemie bez zmian.",
    "stock.adjusted": "{location}, {item}: skorygowano stan na {qty}, poprzednio {before} ({reason}).",
    "stock.as_it_is": "{location}, {item}: stan {qty} był już w systemie.",
    "stock.negative": "{item}: ilość {qty} jest niemożliwa. Wpisz zero lub więcej.",
    "stock.serials": (
        "Towar {item} ma numery seryjne, sama ilość nie wystarczy. Zleć liczenie lokalizacji {location}."
    ),
}
