"""What is said of picking, in Polish."""

SENTENCES = {
    "pick.none": "Żadna lista kompletacji nie jest otwarta. Zeskanuj listę albo wybierz.",
    "pick.opened": "Lista {picklist} otwarta, pozycje: {lines}. Przejdź do {location}.",
    "pick.already": "Lista {picklist} jest już otwarta.",
    "pick.other_open": "Otwarta jest lista {open}. Zakończ ją przed {picklist}.",
    "pick.elsewhere": "Lista {picklist} jest w toku na stanowisku {workplace}. Wybierz inną.",
    "pick.finished": "Lista {picklist} jest już zakończona. Wybierz inną.",
    "pick.unknown": "Lista {picklist} jest tu nieznana. Wybierz z listy.",
    "pick.at": "{location} się zgadza. Zeskanuj: {item}.",
    "pick.wrong_location": "To jest {location}. Przejdź do {wanted} i zeskanuj lokalizację.",
    "pick.scan_location": "Zeskanuj lokalizację {wanted} przed towarem.",
    "pick.wrong_item": (
        "To jest {got}, a lista {picklist} wymaga stąd: {item}. Odłóż na miejsce i zeskanuj właściwy towar."
    ),
    "pick.not_on_list": "{got}: nie ma na liście {picklist}. Odłóż na miejsce i zeskanuj: {item}.",
    "pick.item_elsewhere": (
        "{got} pobiera się z {wanted}, a to jest {location}. Odłóż na miejsce; tutaj pobierz: {item}."
    ),
    "pick.counted": "{item}: {picked} z {qty}.",
    "pick.line_done": "{item}: {qty} z {qty}. Pozycja gotowa.",
    "pick.all_done": "{item}: {qty} z {qty}. Wszystkie pozycje gotowe, zakończ listę {picklist}.",
    "pick.too_many": "{item}: potrzeba tylko {qty}, policzono {picked}. Odłóż {extra} na miejsce.",
    "pick.line_full": "{got}: na liście {picklist} już komplet. Odłóż na miejsce i zeskanuj: {item}.",
    "pick.skipped": "{item}: wróci później. Przejdź do {location}.",
    "pick.short": "{item}: brak {missing} szt. ({reason}). Dalej.",
    "pick.short_elsewhere": (
        "{sentence} W {location} według systemu: {qty} szt. Zeskanuj tę lokalizację, aby tam pobrać."
    ),
    "pick.nothing_short": "Na liście {picklist} nie zgłoszono przed chwilą braku. Najpierw zgłoś brak na pozycji.",
    "pick.no_stock_there": "Według systemu w {location} nie ma towaru {item}. Wybierz inną lokalizację.",
    "pick.replanned": "{item}: {qty} szt. pobierz zamiast tego z {location}. Przejdź do {location}.",
    "pick.nothing_left": "Wszystkie pozycje są załatwione. Zakończ listę {picklist}.",
    "pick.undone": "Cofnięto: {item}, teraz {picked} z {qty}.",
    "pick.nothing_to_undo": "Na liście {picklist} nic jeszcze nie policzono. Najpierw zeskanuj towar.",
    "pick.open_lines": "Otwarte pozycje: {open} z {lines}. Skompletuj je albo zgłoś brak.",
    "pick.completed": "Lista {picklist} zakończona. Potwierdzenie {confirmation}.",
    # partie, daty ważności, numery seryjne
    "pick.wants_lot": "{item}: zeskanuj lub wpisz partię.",
    "pick.wants_expiry": "{item}: zeskanuj lub wpisz datę ważności.",
    "pick.wants_serial": "{item}: zeskanuj numer seryjny.",
    "pick.item_first": "Nie masz jeszcze towaru w ręce. Najpierw go zeskanuj.",
    "pick.no_value": "{item}: nieprawidłowa wartość {value} ({name}). Zeskanuj lub wpisz ją ponownie.",
    "pick.serials_only": "Towar {item} ma numery seryjne. Zeskanuj numer każdej sztuki.",
    "pick.serial_twice": "Numer seryjny {serial} towaru {item} jest już pobrany. Zeskanuj każdą sztukę raz.",
    "pick.serial_of_many": (
        "Numer seryjny {serial} dotyczy jednej sztuki {item}, a w ręce jest ich więcej. Zeskanuj samą sztukę."
    ),
    "pick.serial_elsewhere": (
        "Numer seryjny {serial} towaru {item} według systemu jest {where}. Odłóż sztukę na bok i powiadom kierownika "
        "zmiany."
    ),
    "pick.expired": (
        "{item}, {lot}: termin ważności minął {expires}. Odłóż na bok, powiadom kierownika zmiany i weź inną sztukę."
    ),
    "pick.other_lot": (
        "{item}: zaplanowana partia {wanted}, w ręce: {got}. Weź {wanted} albo zeskanuj to ponownie, aby zmienić "
        "partię."
    ),
    "pick.earlier_lot": (
        "{item}: jest tu partia {lot} z najkrótszą datą ważności, {expires}. Weź ją albo zeskanuj ponownie, aby "
        "wziąć: {got}."
    ),
    "pick.earlier_elsewhere": "{sentence} Partia {lot} w {location} ma najkrótszą datę ważności: {expires}.",
    # terminale: wiele naraz
    "pick.checked": "Lista {picklist}: zgadza się {accepted} z {told}.",
    "pick.checked_not": "{sentence} Lista {picklist} pozostaje bez zmian.",
    "pick.unknown_sku": "{sku}: nie ma na liście {picklist}. Odłóż na miejsce.",
    "pick.wrong_place": "{item} pobiera się z {places}, nie z {location}. Odłóż na miejsce.",
    "pick.no_task": (
        "Zadania {task} nie ma na liście {picklist} albo nie dotyczy ono tego towaru w tym miejscu. Wczytaj listę "
        "ponownie."
    ),
    "pick.more_than_asked": "{item}: do pobrania zostało tu {left}, zeskanowano {qty}. Odłóż je na miejsce.",
    "pick.serial_missing": "Towar {item} wydajemy według numerów seryjnych. Zeskanuj numer każdej sztuki.",
    "pick.lot_missing": "Towar {item} wydajemy według partii. Zeskanuj także partię.",
    "pick.not_the_lot": "{item}: zaplanowana partia {wanted}, w ręce: {got}. Odłóż na miejsce i weź {wanted}.",
    "pick.no_such_count": "{item}: nie ma takiego liczenia do cofnięcia, pobrano {picked}. Sprawdź ponownie.",
    "pick.not_short": "{item}: pobrano {picked} z {qty}, więc podany brak się nie zgadza. Sprawdź ponownie.",
    "pick.no_worker": "{worker} tu nie pracuje. Wybierz osobę, która tu pracuje.",
    "pick.assigned": "Lista {picklist} przydzielona: {name}.",
    "pick.no_line": "Pozycji {line} z {order} tu nie kompletowano. Wybierz pozycję, którą tu skompletowano.",
    "pick.more_than_picked": "{item}: pobrano {picked}, zgłoszono {told}. Policz jeszcze raz.",
    "pick.serials_kept": "{item}: zapisane numery seryjne: {number}.",
    "pick.lot_kept": "{item}: {qty} szt. z partii {lot}.",
    # towar wraca, listy zmieniają właściciela
    "pick.rebin_open": "{item}: kompletacja jeszcze trwa. Cofnij liczenie albo najpierw dokończ pozycję.",
    "pick.rebin_too_many": "{item}: pobrano {picked}, nie można odłożyć {qty}. Policz jeszcze raz.",
    "pick.rebin_packed": "{item}: w paczce jest już {packed}. Najpierw wyjmij towar z paczki.",
    "pick.rebin_which": "Towar {item} ma numery seryjne. Podaj numery sztuk, które wracają (ilość: {qty}).",
    "pick.rebin_serials": "{item}: numeru {serial} nie pobrano dla tej pozycji. Zeskanuj sztuki, które masz w ręce.",
    "pick.not_open": "Lista {picklist} nie jest kompletowana (stan: {status}). Najpierw ją rozpocznij.",
    "pick.put_before": "Masz w ręce {item} do włożenia do pojemnika. Najpierw zeskanuj pojemnik na stanowisku.",
    "pick.released": "Lista {picklist} odłożona, załatwione pozycje: {done} z {lines}. Jest teraz dla {whose}.",
    "pick.other_zone": (
        "Lista {picklist} jest dla strefy {zone}, a strefa stanowiska {workplace} to {here}. Wybierz inną listę albo "
        "inną strefę."
    ),
    "pick.zone": "Strefa stanowiska {workplace} od teraz: {zone}.",
    "pick.zone_where": "Podaj, na którym stanowisku kompletujesz. Strefę zapisuje się dla stanowiska.",
    # pojemniki kilku zamówień
    "pick.put": "{sentence} Włóż do pojemnika zamówienia {order} i zeskanuj pojemnik.",
    "pick.put_right": "{tote} się zgadza: pojemnik zamówienia {order}.",
    "pick.put_any": (
        "{item} jest dla zamówienia {order}, które nie ma jeszcze pojemnika. Zeskanuj dla niego pusty pojemnik."
    ),
    "pick.put_first": "Najpierw włóż {item} do {wanted} i zeskanuj ten pojemnik.",
    "pick.wrong_tote": "{tote} jest dla zamówienia {other}. Włóż {item} do {wanted} i zeskanuj tamten pojemnik.",
    "pick.tote": "Pojemnik {tote} jest dla zamówienia {order}.",
    "pick.tote_taken": "W pojemniku {tote} jest już zamówienie {order}. Weź inny pojemnik.",
    "pick.substituted": (
        "{item}: zamiast tego pobierz {qty} szt. {got} z {location}. Przejdź tam i zeskanuj każdą sztukę."
    ),
    "pick.no_substitute": (
        "{got} nie może wyjść zamiast {item}: zamówienie tego nie przewiduje. Odłóż na miejsce albo "
        "poproś kierownika zmiany o zgodę."
    ),
    "pick.not_short_for": (
        "{item}: nie brakuje niczego, co mógłby zastąpić {got}. Najpierw zgłoś brak albo weź inny towar."
    ),
    "pick.substitute_unknown": "{sku}: nie ma tu takiego towaru. Wybierz inny.",
    "pick.substitute_nowhere": (
        "{got}: według systemu nie ma go w żadnej lokalizacji. Wybierz inny towar albo idź dalej bez niego."
    ),
    "pick.over": "{item}: z {location} można pobrać {qty} szt. ponad zamówienie. Zeskanuj każdą sztukę.",
    "pick.over_how_many": "{item}: podaj, ile pobierasz ponad zamówienie i dlaczego.",
    "pick.over_open": "{item}: nie ma jeszcze kompletu. Najpierw pobierz zamówioną ilość, potem więcej.",
    "pick.over_too_many": (
        "{item}: zamówiono {asked}, a {qty} więcej to za dużo; dozwolone tu: {most} więcej. Odłóż resztę na miejsce."
    ),
}
