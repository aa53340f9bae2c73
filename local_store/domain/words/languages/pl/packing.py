"""What is said of packing and the scale, in Polish."""

SENTENCES = {
    # pakowanie
    "pack.none": "Żadna paczka nie jest otwarta. Zeskanuj pojemnik albo zamówienie.",
    "pack.opened": "Zamówienie {order}, pozycje do sprawdzenia: {lines}. Zeskanuj: {item}.",
    "pack.already": "Zamówienie {order} jest już otwarte.",
    "pack.other_open": "Otwarte jest zamówienie {open}. Zamknij je przed {order}.",
    "pack.not_picked": "Zamówienie {order} nie jest jeszcze skompletowane. Weź inny pojemnik.",
    "pack.elsewhere": "Zamówienie {order} jest pakowane na stanowisku {workplace}. Weź inny pojemnik.",
    "pack.packed": "Zamówienie {order} jest już spakowane. Weź inny pojemnik.",
    "pack.nothing_picked": "Dla zamówienia {order} nic nie skompletowano. Zanieś pojemnik kierownikowi zmiany.",
    "pack.unknown": "Kod {id} jest tu nieznany. Zeskanuj pojemnik albo zamówienie.",
    "pack.not_in_order": "{got} nie należy do zamówienia {order}. Odłóż na bok i zeskanuj: {item}.",
    "pack.not_in_order_all_in": "{got} nie należy do zamówienia {order}. Odłóż na bok; wszystko jest już w środku.",
    "pack.counted": "{item}: {packed} z {qty}.",
    "pack.line_done": "{item}: {qty} z {qty}. Pozycja gotowa.",
    "pack.all_done": "Wszystko jest w środku. Zaklej karton i postaw go na wadze.",
    "pack.too_many": "{item}: ma być tylko {qty}, policzono {packed}. Wyjmij {extra}.",
    "pack.line_full": "{got}: w zamówieniu {order} już komplet. Wyjmij tę sztukę i zeskanuj: {item}.",
    "pack.line_full_all_in": (
        "{got}: w zamówieniu {order} już komplet. Wyjmij tę sztukę; wszystko jest już w środku."
    ),
    "pack.nothing_left": "Wszystko jest w środku. Zważ paczkę.",
    "pack.undone": "Cofnięto: {item}, teraz {packed} z {qty}.",
    "pack.nothing_to_undo": "W tej paczce nic jeszcze nie policzono. Najpierw zeskanuj towar.",
    "pack.not_verified": "Niesprawdzone pozycje: {open} z {lines}. Zeskanuj: {item}.",
    "pack.weighed": "{weight}. Zamknij paczkę.",
    "pack.not_weighed": "Paczka nie jest jeszcze zważona. Postaw ją na wadze i zważ.",
    "pack.wrong_weight": "{found} Sprawdź zawartość kartonu, potem zważ ponownie albo podaj powód.",
    "pack.sealed": "Zamówienie {order} zamknięte. Etykieta {sscc} zaraz się wydrukuje.",
    "pack.sealed_numbered": "Zamówienie {order} zamknięte jako {package}. Etykieta {sscc} zaraz się wydrukuje.",
    "pack.no_numbers": (
        "Brak wolnych numerów ({what}). Odstaw paczkę na bok i powiadom dział IT: nadaje je centrala albo "
        "numbers.{kind} w edge.toml."
    ),
    # kilka paczek, kilka zamówień
    "pack.next_parcel": "Paczka {number} otwarta, paczka {full} czeka na wagę. Do paczki {number} zeskanuj: {item}.",
    "pack.parcel_empty": "Paczka {number} jest jeszcze pusta. Włóż coś, zanim zaczniesz następną.",
    "pack.too_many_parcels": (
        "Zamówienie {order} ma już największą liczbę paczek ({most}). Włóż resztę do jednej z nich."
    ),
    "pack.parcel_chosen": "Paczka {number} zamówienia {order}: następne skany trafiają do niej.",
    "pack.no_parcel": "Zamówienie {order} nie ma paczki {number}. Wybierz paczkę z ekranu.",
    "pack.parcel_closed": (
        "Paczka {number} zamówienia {order} jest zamknięta i nie można jej zmienić. Wybierz inną albo zleć jej "
        "unieważnienie."
    ),
    "pack.not_in_parcel": (
        "Nie można przełożyć {qty} szt. {sku}: w paczce {number} jest {held}. Policz i jako cel podaj inną paczkę."
    ),
    "pack.which_serials": (
        "Podaj, które sztuki przełożyć: paczka {number} zawiera numery seryjne {serials}. Zeskanuj jeden dla każdej "
        "sztuki."
    ),
    "pack.repacked": "Przełożono {qty} szt. {item} z paczki {source} do paczki {target}.",
    "pack.parcel_weighed": "Paczka {number}: {weight}. Zamknij ją.",
    "pack.parcel_sealed": (
        "Paczka {number} zamówienia {order} zamknięta, etykieta {sscc} zaraz się wydrukuje. Dalej: {item}."
    ),
    "pack.parcel_sealed_all_in": (
        "Paczka {number} zamówienia {order} zamknięta, etykieta {sscc} zaraz się wydrukuje. Dalej: następna paczka."
    ),
    "pack.resumed": "Wracasz do zamówienia {order}. Zeskanuj: {item}.",
    "pack.resumed_all_in": "Wracasz do zamówienia {order}, wszystko jest w środku. Zważ i zamknij.",
    "pack.short": "{item}: brak {missing} szt. ({reason}).",
    "pack.nothing_there": "Wtedy z zamówienia {order} nic by nie wysłano. Zanieś pojemnik kierownikowi zmiany.",
    # numery seryjne
    "pack.wants_serial": "{item}: zeskanuj numer seryjny.",
    "pack.serials_singly": "Towar {item} ma numery seryjne. Zeskanuj każdą sztukę, potem jej numer seryjny.",
    "pack.serial_twice": "Numer seryjny {serial} towaru {item} jest już w paczce. Zeskanuj następną sztukę.",
    "pack.serial_packed": (
        "Numer seryjny {serial} towaru {item} jest w innej paczce. Odłóż sztukę na bok i powiadom kierownika zmiany."
    ),
    "pack.serial_not_picked": (
        "Numeru seryjnego {serial} towaru {item} nie pobrano dla zamówienia {order}. Odłóż sztukę na bok i weź inną "
        "z pojemnika."
    ),
    # przed zamknięciem paczki
    "pack.confirm_first": "Przeczytaj i potwierdź, potem zamknij: {note} Zeskanuj CONFIRM albo dotknij przycisku.",
    "pack.confirmed": "Potwierdzone uwagi: {notes}, pozostałe: {left}.",
    "pack.no_note": "Zamówienie {order} nie ma takiej uwagi do potwierdzenia. Pakuj dalej.",
    "pack.photo_first": "Sfotografuj paczkę {number} zamówienia {order}, potem ją zamknij.",
    "pack.no_photo": "Nie ma tu tego zdjęcia zamówienia {order}. Zrób je ponownie i najpierw wyślij.",
    "pack.photographed": "Zdjęcie paczki {number} zapisane.",
    "pack.carton": "Paczka {number}: karton {carton}.",
    "pack.no_carton": "Nie ma tu kartonu {carton}. Wybierz karton z listy.",
    "pack.material": "Paczka {number}: {material}, ilość {qty}.",
    "pack.material_none": "{material}: ilość {qty} jest niemożliwa. Wpisz, ile włożono.",
    "pack.measured": "Paczka {number}, wymiary: {size}.",
    # po zamknięciu paczki
    "pack.void_unknown": "Nie ma tu zamkniętej paczki {package}. Zeskanuj jej etykietę ponownie.",
    "pack.void_approval": "Paczka {package} jest zamknięta. Na jej rozpakowanie musi zezwolić kierownik zmiany.",
    "pack.voided": (
        "Paczka {package} unieważniona. Zniszcz etykietę {sscc}, wyjmij wszystko i spakuj zamówienie {order} od nowa."
    ),
    "pack.not_all_packed": "Zamówienie {order} nie jest spakowane. Najpierw zamknij jego paczki.",
    "pack.shipment_asked": "Zlecono wysyłkę zamówienia {order}, paczki: {parcels}.",
    "pack.shipment_known": "Wysyłkę zamówienia {order} zlecono już wcześniej: nic nie zmieniono.",
    # paczki zgłaszane w całości
    "pack.session_of_other": (
        "Sesja ma być dla osoby {worker}, a użyto klucza osoby {name}. Użyj klucza osoby, która pakuje."
    ),
    "pack.package_taken": "Paczka {package} jest tu już znana. Nadaj każdej paczce własny identyfikator.",
    "pack.no_package": "Nie ma tu paczki {package}. Najpierw ją spakuj.",
    "pack.no_lines": (
        "Paczka {package}: żadne zamówienie nie ma wszystkich pozycji {lines}, każdej raz. Podaj zamówienie, do "
        "którego należą."
    ),
    "pack.item_wrong": (
        "{item}: ilość {qty} i numery seryjne ({serials}) nie pasują do siebie. Podaj ilość i numer seryjny każdej "
        "sztuki."
    ),
    "pack.two_hqs": "Zamówienia {orders} należą do różnych central. Zgłoś paczki każdej centrali osobno.",
    "pack.recorded": "Zapisano. Spakowane i zważone paczki: {parcels}.",
    # waga
    "scale.none": "Żadna waga nie podała wyniku. Sprawdź, czy waga jest włączona i podłączona, potem zważ ponownie.",
    "scale.moving": "Waga nie jest stabilna. Puść paczkę i zważ ponownie.",
    "scale.old": "Od zapytania waga nie podała nowego wyniku. Zważ ponownie.",
    "scale.over": "Paczka jest za ciężka dla tej wagi. Użyj większej.",
    "scale.under": "Waga wskazuje poniżej zera. Opróżnij ją, wyzeruj i zważ ponownie.",
    "scale.fault": "Waga zgłasza usterkę ({fault}). Wyłącz ją i włącz, potem zważ ponownie.",
    "scale.not_emptied": (
        "Od ostatniej paczki waga nie była pusta. Zdejmij paczkę, poczekaj na zero, postaw ją ponownie i zważ."
    ),
    "scale.empty": "Waga wskazuje {weight}. Postaw na niej paczkę i zważ ponownie.",
}
