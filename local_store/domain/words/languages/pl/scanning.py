"""What is said of any scan, and of linked codes, in Polish."""

SENTENCES = {
    # każdy skan
    "scan.unknown": (
        "Kod {code} jest tu nieznany. Sprawdź etykietę i zeskanuj: {item}, albo poproś kierownika zmiany "
        "o przypisanie kodu."
    ),
    "scan.unknown_all_in": (
        "Kod {code} jest tu nieznany, a wszystko jest już w środku. Zważ i zamknij albo poproś "
        "kierownika zmiany o przypisanie kodu."
    ),
    "scan.two_codes": (
        "W jednym skanie przyszły dwa kody ({code}) i nic nie policzono. Zeskanuj je po kolei; jeśli to się "
        "powtórzy, ustaw skaner, aby po każdym kodzie wysyłał Enter."
    ),
    "scan.many_ways": (
        "Ten kod jest niejednoznaczny (możliwe odczyty: {number}, np. {ways}) i nic nie policzono. Zeskanuj drugi "
        "kod z etykiety albo wpisz go; jeśli to się powtarza, ustaw skaner, aby wysyłał GS (FNC1)."
    ),
    "scan.no_separators": (
        "Bez separatorów ten kod można odczytać na zbyt wiele sposobów ({code}) i nic nie policzono. Zeskanuj drugi "
        "kod z etykiety albo wpisz go; skaner musi wysyłać GS (FNC1)."
    ),
    "scan.contradicts": (
        "Ten kod jest uszkodzony lub błędnie utworzony: {fault} ({code}). Zeskanuj go ponownie albo drugi kod z "
        "etykiety."
    ),
    "scan.unknown_case": (
        "{code} to opakowanie zbiorcze {item}, ale nie wiadomo, ile sztuk zawiera. Zeskanuj sztuki albo poproś "
        "kierownika zmiany o przypisanie kodu."
    ),
    "scan.not_for": "{code} to {thing}. Zeskanuj: {item}.",
    "scan.not_for_all_in": "{code} to {thing}, a wszystko jest już w środku. Zważ i zamknij.",
    "scan.unreadable": "Urządzenie {device} wysłało coś, co nie jest kodem ({why}: {raw}). Zeskanuj ponownie.",
    "scan.again": (
        "Kod {code} przyszedł dwa razy w jednej chwili i liczy się raz. Jeśli jest druga sztuka, zeskanuj go "
        "ponownie."
    ),
    "scan.not_kept": (
        "Nie udało się zapisać kodu {code}. Sprawdź, czy jest policzony, a jeśli nie, zeskanuj ponownie."
    ),
    # przypisanie kodu do towaru
    "link.badge": "Ten identyfikator jest tu nieznany. Aby przypisać kod, kierownik zmiany musi zeskanować swój.",
    "link.role": "{name} nie ma uprawnień do przypisywania kodów. Zapytaj kierownika zmiany.",
    "link.is_badge": "To jest identyfikator, a nie kod towaru.",
    "link.no_product": "Nie ma tu towaru {sku}. Wyszukaj numer na liście.",
    "link.known": "{code} to już {thing}. Nic nie zmieniono.",
    "link.other": "Kod {code} jest już przypisany: {multiplier} szt. {item}. Najpierw usuń to przypisanie.",
    "link.already": "Kod {code} liczy się już jako {multiplier} szt. {item}.",
    "link.done": "Kod {code} liczy się od teraz jako {multiplier} szt. {item}.",
    "link.none": "Kodu {code} tu nie przypisano, więc nie ma przypisania do usunięcia.",
    "link.undone": "Kod {code} już się nie liczy. Dotąd oznaczał {multiplier} szt. {item}.",
}
