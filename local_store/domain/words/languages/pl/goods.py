"""What is said of goods that come in or back, and of counts, in Polish."""

SENTENCES = {
    "goods.badge": "Ten identyfikator jest tu nieznany. Kierownik zmiany musi zeskanować swój.",
    "goods.role": "{name} nie ma uprawnień do zapisywania towaru ani liczeń. Zapytaj kierownika zmiany.",
    "goods.no_product": "Nie ma tu towaru {sku}. Wyszukaj numer na liście.",
    "goods.none": "{sku}: ilość {qty} oznacza, że nic nie przyszło. Pomiń pozycję albo wpisz, ile przyszło.",
    "goods.negative": "{item}: ilość {qty} jest niemożliwa. Wpisz zero lub więcej.",
    "goods.serials": "{sku}: numery seryjne: {serials}, ilość: {qty}. Policz jeszcze raz albo zeskanuj je od nowa.",
    "goods.serial_twice": "Numer seryjny {serial} towaru {sku} powtarza się. Zeskanuj każdą sztukę raz.",
    "goods.against": "Podaj, której awizacji lub którego zamówienia zakupu to dotyczy, albo przyjmij bez awizacji.",
    "goods.blind": "Przyjęcie bez awizacji jest dla towaru nieawizowanego. Nie podawaj awizacji.",
    "goods.received": "Zapisano przyjęcie: {units} szt., pozycje: {lines}.",
    "goods.counted": "Zapisano: {qty} szt. {sku} {place}.",
}
