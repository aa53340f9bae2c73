"""What is said of goods that come back, in Polish."""

SENTENCES = {
    "return.created": "Zwrot {id} do zamówienia {order} zapowiedziany.",
    "return.created_label": "Zwrot {id} do zamówienia {order} zapowiedziany. Jego etykieta zaraz się wydrukuje.",
    "return.number_taken": "Zwrot {number} już istnieje. Pomiń numer albo podaj inny.",
    "return.no_line": "Pozycja {line} zamówienia {order} jest tu nieznana z tym towarem. Podaj towar z tej pozycji.",
    "return.line_twice": "Pozycja {line} się powtarza. Zsumuj obie.",
    "return.unknown": "Nie ma tu zwrotu {id}. Wyszukaj numer na liście.",
    "return.through": "Zwrot {id} (stan: {status}): to nie jest już możliwe. Odłóż na bok, co przyszło.",
    "return.still_coming": (
        "Dalsza część zwrotu {id} jest liczona na stanowisku {workplace}. Najpierw to zakończ, potem skontroluj "
        "resztę."
    ),
    "return.left": "Zwrot {id} zmienił tymczasem stan ({status}) i jest tu zamknięty. Zeskanuj następny zwrot.",
    "return.received": "Zapisano: ze zwrotu {id} przyjęto {units} szt.",
    "return.nothing_waits": (
        "Ze zwrotu {id} nic nie czeka na kontrolę (stan: {status}). Najpierw przyjmij, co przyszło."
    ),
    "return.more_than_came": (
        "Zwrot {id}: {qty} szt. do ponownej sprzedaży to za dużo, na kontrolę czeka {total}. Wpisz od zera do "
        "{total}."
    ),
    "return.which_line": "Zwrot {id} ma kilka pozycji. Podaj, z której są sztuki do ponownej sprzedaży.",
    "return.which_serials": (
        "Sztuki ze zwrotu {id} mają numery seryjne. Podaj numery do ponownej sprzedaży (ilość: {qty})."
    ),
    "return.inspected": "Zapisano: zwrot {id}, decyzja: {disposition}; do ponownej sprzedaży: {qty}.",
    "return.not_yet": (
        "Zwrot {id}, stan: {status}. Można go zakończyć, gdy wszystko, co przyszło, jest skontrolowane."
    ),
    "return.completed": "Zapisano: zwrot {id} załatwiony.",
    "return.ship_back": "Zwrot {id} ma wrócić do dostawcy. Centrala zrobi z niego zamówienie; wtedy je skompletuj.",
    "return.ships_back": "Zwrot {id} już wraca do dostawcy. Wyszukaj jego zamówienie.",
    "return.nothing_to_ship": (
        "Ze zwrotu {id} nic nie odłożono na regał, więc nie ma czego kompletować. Najpierw go skontroluj."
    ),
    # na stanowiskach
    "return.not_known": (
        "{code} nie jest znanym tu zwrotem. Zeskanuj jego numer lub zamówienie albo najpierw go zapowiedz."
    ),
    "return.several": "Zamówienie {order} ma kilka zwrotów: {ids}. Zeskanuj numer jednego z nich.",
    "return.opened": "Zwrot {id}, oczekiwane pozycje: {lines}. Zeskanuj, co przyszło.",
    "return.inspect": "Zwrot {id}: do kontroli {units} szt. Zeskanuj decyzję, potem towar.",
    "return.already": "Zwrot {id} jest już otwarty.",
    "return.other_open": "Otwarty jest zwrot {open}. Zakończ go przed {id}.",
    "return.nothing_came": "Zwrot {id} (stan: {status}): nic jeszcze nie przyszło. Najpierw go przyjmij.",
    "return.unexpected": (
        "Policzono {sku}, choć w zwrocie {id} nie oczekuje się już tego towaru. Zapisano, jak przyszło."
    ),
    "return.nothing_counted": "W zwrocie {id} nic jeszcze nie policzono. Najpierw zeskanuj towar.",
    "return.to": "Decyzja dla następnych skanów: {disposition}.",
    "return.disposition_first": "Najpierw wybierz decyzję: zeskanuj na ścianie jeden z kodów {choices}, potem towar.",
    "return.not_waiting": "{item}: ze zwrotu {id} na kontrolę czeka tylko {qty}. Odłóż tę sztukę na bok.",
    "return.other_serial": (
        "Numer seryjny {serial} towaru {item} nie przyszedł ze zwrotem {id}. Odłóż tę sztukę na bok."
    ),
    "return.some_inspected": "Zapisano. Ze zwrotu {id} na kontrolę czeka jeszcze {left} szt.",
    "return.all_inspected": "Zapisano. Wszystko ze zwrotu {id} jest skontrolowane: zakończ go.",
    "return.serial_back": "Numer seryjny {serial} towaru {item} już wrócił i czeka na kontrolę. Sprawdź etykietę.",
}
