"""What is said of goods that are tallied, whatever for, in Polish."""

SENTENCES = {
    "tally.none": "Nic tu nie jest otwarte. Zeskanuj, do czego należy towar, albo wybierz to z listy.",
    "tally.unknown": "Kod {code} jest tu nieznany. Zeskanuj towar albo poproś kierownika zmiany o przypisanie kodu.",
    "tally.not_for": "{code} to {thing}. Zeskanuj towar.",
    "tally.item_first": "Nie masz jeszcze towaru w ręce. Najpierw go zeskanuj.",
    "tally.scan_first": "Zeskanuj towar, zanim wpiszesz ilość. Sztuki z numerami seryjnymi tylko się skanuje.",
    "tally.counted": "{item}: plus {qty}, razem {total}.",
    "tally.at": "{location}: zeskanuj, co tam jest.",
    "tally.wants_lot": "{item}: zeskanuj lub wpisz partię.",
    "tally.wants_expiry": "{item}: zeskanuj lub wpisz datę ważności.",
    "tally.wants_serial": "{item}: zeskanuj numer seryjny.",
    "tally.wants_weight": "{item}: połóż na wadze i zważ.",
    "tally.serial_twice": "Numer seryjny {serial} towaru {item} jest już policzony. Zeskanuj każdą sztukę raz.",
    "tally.serial_of_many": (
        "Numer seryjny {serial} dotyczy jednej sztuki, a ten kod liczy {qty}. Zeskanuj samą sztukę."
    ),
    "tally.no_date": "{value} nie jest datą. Wpisz ją jako rok-miesiąc-dzień, np. 2027-03-31.",
    "tally.no_value": "Nieprawidłowa wartość: {value} ({name}). Wpisz ją ponownie.",
    "tally.condition": "{item}: stan następnych skanów: {condition}.",
    "tally.amended": "{item}: {qty} szt., teraz: {said}.",
    "tally.photographed": "Zdjęcie zapisano przy ostatnio policzonych: {qty} szt. {item}.",
    "tally.pallet_undone": "Cofnięto całość {container}, pozycje: {lines}.",
    "tally.undone": "Cofnięto {qty} szt. {item}, zostaje: {total}.",
    "tally.nothing_to_undo": "Nic jeszcze nie policzono. Najpierw zeskanuj towar.",
    "tally.serial_elsewhere": (
        "Numer seryjny {serial} towaru {item} policzono już na stanowisku {workplace}. Poszukaj go tam "
        "albo cofnij tam liczenie."
    ),
}
