"""What is said of labels and files, in Polish."""

SENTENCES = {
    # etykiety
    "label.confirmed": "Etykieta {sscc} jest na zamówieniu {order}.",
    "label.known": "To jest etykieta zamówienia {order}.",
    "label.checked": "Etykieta {sscc} jest na zamówieniu {order}.",
    "label.still_waits": "Etykieta {sscc} zamówienia {order} czeka na wydruk.",
    "label.swapped": (
        "To etykieta zamówienia {order}, a ten karton to zamówienie {wanted}. Zdejmij ją, naklej etykietę "
        "{wanted_sscc} i znajdź karton zamówienia {order}."
    ),
    "label.other_came_out": (
        "To etykieta zamówienia {order}: wydrukowała się. Ten karton to zamówienie {wanted}; zeskanuj na nim "
        "etykietę {wanted_sscc}."
    ),
    "label.voided_scan": "Etykieta {sscc} zamówienia {order} jest unieważniona i nie wolno jej użyć. Zniszcz ją.",
    "label.older_copy": "To starsza etykieta zamówienia {order}. Zniszcz ją i zeskanuj tę z napisem COPY {copy}.",
    "label.check_first": "Zeskanuj etykietę na kartonie zamówienia {order}, zanim otworzysz następne zamówienie.",
    "label.settle_first": (
        "Etykiety {sscc} zamówienia {order} nie ma jeszcze na kartonie. Najpierw rozstrzygnij ją na liście etykiet."
    ),
    "label.decided_out": "Etykieta {sscc} liczy się jako wydrukowana. Zeskanuj ją, gdy będzie na kartonie.",
    "label.reprint": (
        "Etykieta {sscc} drukuje się ponownie, z napisem COPY {copy}. Zniszcz poprzednią, jeśli się znajdzie."
    ),
    "label.settled": "Etykieta {sscc} nie wymaga decyzji (stan: {state}).",
    "label.released": "Etykieta {sscc} jest teraz drukowana.",
    "label.discarded": "Etykieta {sscc} odrzucona. Zostaje na liście, gdyby była potrzebna.",
    "label.no_reprint": (
        "Etykieta {sscc} (stan: {state}): ponownie drukuje się tylko etykietę, która się wydrukowała. Rozstrzygnij "
        "ją na liście."
    ),
    "label.copy_waits": "Inna kopia etykiety {sscc} jest już zlecona. Najpierw rozstrzygnij ją na liście etykiet.",
    "label.voided": "Etykieta {sscc} unieważniona, jej numer nie będzie już użyty. Zniszcz etykietę.",
    "label.no_void": "Etykieta {sscc} (stan: {state}). Poczekaj, aż się to skończy, potem ją unieważnij.",
    "label.no_number": "Etykieta {title} nie ma numeru do unieważnienia. Wyrzuć ją.",
    "label.asked": "Etykieta {title} zaraz się wydrukuje.",
    "label.not_plain": "{template} nie jest etykietą drukowaną osobno. Dostępne: {known}.",
    "label.unknown": "Nie ma zlecenia wydruku {job}. Sprawdź listę etykiet.",
    # pliki
    "carrier_label.kept": "Etykieta przewoźnika dla zamówienia {order} już jest.",
    "carrier_label.known": "Etykieta przewoźnika dla zamówienia {order} była tu już wcześniej.",
    "carrier_label.no_parcel": "Zamówienie {id} jest tu nieznane, więc etykiety przewoźnika nie zapisano.",
    "carrier_label.again": (
        "Etykieta {sscc} drukuje się ponownie, dokładnie taka jak od przewoźnika. Zniszcz poprzednią, jeśli się "
        "znajdzie."
    ),
    "file.no_room": (
        "Brak miejsca na kolejny plik: stacja przechowuje najwyżej {most} MB. Stare pliki same znikają w nocy."
    ),
}
