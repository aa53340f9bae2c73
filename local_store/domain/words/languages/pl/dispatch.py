"""What is said of loading, manifests and notices, in Polish."""

SENTENCES = {
    # załadunek
    "load.none": "Nie trwa tu żaden załadunek. Zeskanuj paczkę albo kartę rozpoczętego manifestu.",
    "load.opened": "{carrier}, brama {dock}, {day}: załadowane paczki: {loaded}. Zeskanuj następną paczkę.",
    "load.loaded": (
        "Zamówienie {order} załadowane. {carrier}: załadowane paczki: {loaded}, jeszcze do załadunku: {missing}."
    ),
    "load.all_on": "Zamówienie {order} załadowane. {carrier}: wszystkie paczki ({loaded}) są załadowane.",
    "load.unknown": (
        "{code} nie jest paczką znaną tej stacji. Zeskanuj etykietę paczki albo zapytaj kierownika zmiany."
    ),
    "load.order_code": "{code} wskazuje zamówienie {order}, a nie jego karton. Zeskanuj etykietę na kartonie.",
    "load.not_sealed": (
        "Zamówienie {order} nie jest jeszcze zamknięte. Odnieś je na stanowisko pakowania, nie ładuj go."
    ),
    "load.voided": (
        "Etykieta {sscc} zamówienia {order} jest unieważniona. Zatrzymaj paczkę tutaj i poproś kierownika zmiany o "
        "ważną etykietę."
    ),
    "load.asks": "Zamówienie {order} nie może jeszcze wyjechać: {why} Odstaw je na bok i zapytaj kierownika zmiany.",
    "load.wrong_carrier": (
        "Zamówienie {order} jest dla przewoźnika {wanted}, a tu ładuje {carrier}. Zanieś je do bramy przewoźnika "
        "{wanted}."
    ),
    "load.no_carrier": (
        "Zamówienie {order} nie ma podanego przewoźnika. Najpierw otwórz manifest przewoźnika, potem zeskanuj paczkę "
        "ponownie."
    ),
    "load.already": (
        "Zamówienie {order} jest już załadowane: manifest {manifest}, {carrier}, brama {dock}. Zeskanuj następną "
        "paczkę."
    ),
    "load.left": "Zamówienie {order} już wyjechało: {carrier}, {day} ({manifest}). Ustal, który to karton.",
    "load.undone": "Cofnięto: zamówienie {order} nie jest załadowane. Załadowane paczki: {loaded}.",
    "load.nothing_to_undo": "Na tym manifeście nic jeszcze nie ma. Najpierw zeskanuj paczkę.",
    "load.not_on": "{code} nie jest na manifeście {manifest}. Sprawdź, co na nim jest.",
    "load.unloaded": "Zamówienie {order} zdjęte z manifestu. Odstaw paczkę z powrotem; załadowane paczki: {loaded}.",
    "load.one_by_one": "Paczki ładuje się pojedynczo. Zeskanuj następną paczkę.",
    # manifesty
    "manifest.unknown": "Nie ma tu manifestu {id}. Sprawdź listę manifestów.",
    "manifest.closed_already": (
        "Manifest {id} jest zamknięty: {carrier}, odjazd {day}. Otwórz nowy na to, co tu zostało."
    ),
    "manifest.empty": "Manifest {id} jest pusty. Zeskanuj, co załadowano, zanim go zamkniesz.",
    "manifest.missing": (
        "{carrier}: paczki zamknięte, lecz niezaładowane: {missing} ({orders}). Załaduj, czego brakuje, "
        "albo zamknij manifest mimo to."
    ),
    "manifest.closed": "{carrier}: odjazd. Załadowane paczki: {loaded}, pozostawione: {missing}.",
    # awiza i towar do dostawców
    "notice.exists": "Awizo {ref} już istnieje. Nadaj następnemu własny numer.",
    "notice.not_loaded": (
        "{what}: nie ma na żadnym manifeście, który stąd odjechał. Załaduj i zamknij manifest, zanim wyślesz awizo."
    ),
    "notice.nothing_loaded": (
        "Nic z tego nie odjechało stąd z manifestem. Załaduj i zamknij manifest, zanim wyślesz awizo."
    ),
    "notice.two_manifests": (
        "Te paczki odjechały na więcej niż jednym manifeście. Utwórz osobne awizo dla każdego z nich."
    ),
    "notice.made": "Awizo {ref} utworzone. Zamówienia w drodze: {orders}.",
    "vendor.none": "{sku}: przy ilości {qty} nie ma czego wysłać. Wpisz więcej niż zero albo pomiń pozycję.",
    "vendor.too_few": "{sku}: {where} jest tylko {here}, nie {qty}. Policz, co tam jest, albo wyślij mniej.",
    "vendor.serials": "{sku}: numery seryjne: {serials}, ilość: {qty}. Zeskanuj każdą sztukę raz i żadnej nie pomiń.",
    "vendor.unit_elsewhere": (
        "Numer seryjny {serial} towaru {sku} według systemu jest {where}. Zeskanuj numer na sztuce."
    ),
    "vendor.shipped": "Zwrot do dostawcy {vendor}: {units} szt.",
    # koniec dnia
    "day.left": (
        "Nie wszystko jest gotowe: paczki niezamknięte: {unsealed}, zamknięte i niezaładowane: {not_loaded}, "
        "czekające etykiety: {labels}, zdarzenia nieprzekazane centrali: {unsent}, zdarzenia wstrzymane: {parked}. "
        "Sprawdź listę albo zamknij dzień mimo to."
    ),
    "day.closed_already": "Dzień {day} jest już zamknięty. Co zrobiono później, liczy się do następnego dnia.",
    "day.closed": "Dzień {day} zamknięty. Wysłane paczki: {dispatched}, manifesty: {manifests}.",
}
