"""What is said of goods that come in and are put away, in Polish."""

SENTENCES = {
    # otwieranie
    "receive.none": (
        "Nic tu nie jest otwarte. Zeskanuj numer lub paletę awizowanej dostawy albo BLIND dla innego towaru."
    ),
    "receive.unknown": (
        "{code}: brak takiej awizacji. Sprawdź dokumenty albo zeskanuj BLIND, aby przyjąć bez awizacji."
    ),
    "receive.opened": "Dostawa {number} otwarta: awizowano {expected} szt., przyjęto {received} szt. Zeskanuj towar.",
    "receive.blind": "Towar nieawizowany: zeskanuj go. Gdy wszystko będzie policzone, zeskanuj ponownie BLIND.",
    "receive.busy": "Otwarta jest tu dostawa {work}. Najpierw ją zakończ, potem zeskanuj ponownie {asked}.",
    "receive.closed": "Dostawa {number} jest zamknięta. Otwórz ją ponownie albo przyjmij towar jako BLIND.",
    # skanowanie
    "receive.no_location": "{location} to lokalizacja. Tutaj zeskanuj towar; odkłada się go później.",
    "receive.pallet": "Paleta {sscc} policzona w całości: {units} szt., pozycje: {lines}.",
    "receive.pallet_again": "Paleta {sscc} jest już policzona. Odstaw ją na bok i zeskanuj następną.",
    "receive.pallet_elsewhere": (
        "Paleta {sscc} należy do {number}. Zakończ, co jest tu otwarte, potem zeskanuj paletę ponownie."
    ),
    "receive.container": (
        "Nośnik {sscc} otwarty: zeskanuj, co na nim jest, a gdy wszystko policzysz, ponownie {sscc}."
    ),
    "receive.container_shut": "Nośnik {sscc} policzony: {units} szt. Zeskanuj następny.",
    "receive.serial_here": (
        "Numer seryjny {serial} towaru {item} jest już w zapasie ({account}). Sprawdź etykietę albo zapytaj "
        "kierownika zmiany."
    ),
    "receive.expires": (
        "{item}: data ważności {day}, wymagana co najmniej {wanted}. Odmów przyjęcia albo poproś kierownika zmiany o "
        "zgodę."
    ),
    "receive.over": (
        "{item}: awizowano {announced}, razem byłoby {total}, czyli za dużo. Odmów przyjęcia reszty albo poproś "
        "kierownika zmiany o zgodę."
    ),
    "receive.unexpected": (
        "{item}: nie awizowano w dostawie {number}. Odmów przyjęcia albo poproś kierownika zmiany o zgodę."
    ),
    "receive.weigh_each": "Każdą sztukę {item} trzeba zważyć. Zeskanuj ją i połóż na wadze.",
    "receive.no_photo": "Zdjęcia {sha256} nie ma na tej stacji. Zrób je ponownie.",
    "receive.waits": "Masz w ręce {item}, niepoliczone; brakujące dane: {missing}. Podaj je albo skanuj dalej.",
    # koniec
    "receive.done": "Zapisano przyjęcie: {units} szt., pozycje: {lines}.",
    "receive.nothing": "Nic nie policzono, więc nic nie zapisano.",
    # awizacje
    "inbound.none": "{inbound}: brak takiej awizacji. Wyszukaj numer na liście.",
    "inbound.counting": "{name} liczy jeszcze towar z dostawy {number}. Najpierw trzeba to zakończyć.",
    "inbound.needs_second": "{what}: potrzebna jest druga osoba. Kierownik zmiany zezwala identyfikatorem i PIN-em.",
    "inbound.allowed": "Dozwolono: {what}.",
    "inbound.allow_what": "Zgoda dotyczy jednej rzeczy. Podaj ilość albo datę ważności.",
    "inbound.closed": "Dostawa {number} zamknięta: przyjęto {received} z {expected} szt.",
    "inbound.closed_already": "Dostawa {number} jest już zamknięta. Nic nie zmieniono.",
    "inbound.reopened": "Dostawa {number} jest znowu otwarta. Zeskanuj, co przyszło.",
    "inbound.open_already": "Dostawa {number} jest otwarta. Zeskanuj, co przyszło.",
    "inbound.rejected": "Odmówiono przyjęcia: {qty} szt. {item}. Towar nie wchodzi do zapasu i wraca z kierowcą.",
    "receipt.none": "Nie ma tu przyjęcia {receipt}. Wyszukaj numer na liście.",
    "receipt.no_line": "Przyjęcie {receipt} nie ma pozycji {line}. Pozycje liczy się od 0.",
    "receipt.no_change": "Pozycja {line}: zmiana o 0 nic nie zmienia. Pomiń tę pozycję.",
    "receipt.twice": "Pozycja {line} się powtarza. Zsumuj obie zmiany.",
    "receipt.too_few": "Pozycja {line}: przyszło tylko {qty} szt. {sku}. Nie odejmuj więcej.",
    "receipt.gone": (
        "Pozycja {line}: {account} jest jeszcze tylko {qty} szt. {sku}. Najpierw przesuń resztę z powrotem albo "
        "policz lokalizację."
    ),
    "receipt.serials": "Pozycja {line}: {sku} ma numery seryjne. Podaj numer każdej sztuki, której dotyczy korekta.",
    "receipt.corrected": "Zapisano: przyjęcie {receipt} skorygowane, pozycje: {lines}.",
    # odkładanie
    "put_away.none": "Nie masz nic w ręce. Zeskanuj towar albo paletę ze strefy przyjęć.",
    "put_away.unknown": "Kod {code} jest tu nieznany. Zeskanuj towar albo paletę ze strefy przyjęć.",
    "put_away.not_on_dock": (
        "{item}: w strefie przyjęć jest {qty}. Najpierw przyjmij więcej albo zeskanuj inny towar."
    ),
    "put_away.pallet_gone": "Palety {sscc} nie ma w strefie przyjęć. Zeskanuj inną paletę albo towar po sztuce.",
    "put_away.take": "W ręce: {what}. Zanieś do {location} i zeskanuj lokalizację.",
    "put_away.take_anywhere": (
        "W ręce: {what}. Brak proponowanej lokalizacji: zanieś tam, gdzie się zmieści, i zeskanuj lokalizację."
    ),
    "put_away.in_hand": "W ręce: {what}. Najpierw zanieś to do {location} albo odłóż z powrotem (Cofnij).",
    "put_away.whole_pallet": "W ręce jest cała paleta. Odwieź ją na miejsce albo odstaw z powrotem (Cofnij).",
    "put_away.scan_serial": "Towar {item} ma numery seryjne. Zeskanuj numer seryjny każdej sztuki.",
    "put_away.has_serial": "Numer seryjny {serial} jest już w ręce. Zeskanuj następną sztukę.",
    "put_away.serial_gone": (
        "Numeru seryjnego {serial} towaru {item} nie ma w strefie przyjęć albo ma go ktoś inny. Zeskanuj numer na "
        "sztuce."
    ),
    "put_away.unit_left": (
        "Numeru seryjnego {serial} towaru {item} nie ma już w strefie przyjęć. Odłóż sztukę z powrotem (Cofnij) i "
        "zeskanuj, co tam jest."
    ),
    "put_away.full": "{location}: wolne miejsce na {room} szt., a w ręce jest {qty}. Zanieś do {proposal}.",
    "put_away.not_mixed": "{location}: leży tam {other}, a może leżeć tylko jeden towar. Zanieś do {proposal}.",
    "put_away.mixed": (
        "{location}: może tam leżeć tylko jeden towar, a w ręce jest ich kilka. Zanieś do {proposal}."
    ),
    "put_away.done": "{what}: odłożono do {location}. Zeskanuj następny towar.",
    "put_away.laid_back": "{what}: z powrotem w strefie przyjęć.",
    "put_away.nothing_to_undo": "Nie masz nic w ręce. Co już leży na regale, przenosi się przesunięciem.",
    "stock_move.same": "Towar już jest w {location}. Podaj inną lokalizację.",
    "stock_move.no_location": "Nie ma tu lokalizacji {location}. Zeskanuj jej etykietę.",
    "stock_move.no_product": "Nie ma tu towaru {sku}. Wyszukaj numer na liście.",
    "stock_move.serials": "{sku}: numery seryjne: {serials}, ilość: {qty}. Nie podawaj więcej, niż przenosisz.",
    "stock_move.serial_elsewhere": (
        "Numeru seryjnego {serial} towaru {sku} nie ma w {location}. Zeskanuj tamtejsze sztuki ponownie."
    ),
    "stock_move.done": "Zapisano: {qty} szt. {sku} przeniesiono z {source} do {target}.",
    "goods_label.no_place": "Nie podano stanowiska. Podaj, na którym wydrukować etykiety.",
    "goods_label.asked": "Drukowane etykiety towaru {item}: {copies}.",
}
