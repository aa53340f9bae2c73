"""What is said of kits, in Polish."""

SENTENCES = {
    "kit.unknown": "{code} nie jest znanym tu zleceniem. Zeskanuj jego numer albo wybierz je z listy.",
    "kit.through": "Zlecenie {id} jest zakończone, zbudowane zestawy: {built}. Wybierz inne.",
    "kit.no_bill": "Nie podano składu zestawu {sku} ze zlecenia {id}. Poproś kierownika zmiany o wpisanie składu.",
    "kit.of_itself": (
        "Zestaw {sku} byłby częścią samego siebie albo ma za dużo poziomów ({way}). Popraw skład zestawu."
    ),
    "kit.opened": "Zlecenie {id}: {qty} szt. {sku}. Potrzeba: {parts}.",
    "kit.already": "Zlecenie {id} jest już otwarte.",
    "kit.other_open": "Otwarte jest zlecenie {open}. Zakończ je przed {id}.",
    "kit.not_part": "{item} nie należy do zlecenia {id}. Odłóż na miejsce.",
    "kit.too_many": "{item}: zlecenie {id} wymaga najwyżej {qty}. Odłóż resztę na miejsce.",
    "kit.one_place": (
        "{item}: miejsce zestawów ze zlecenia {id} to {location}. Zeskanuj to miejsce albo najpierw zakończ zlecenie."
    ),
    "kit.unit_elsewhere": (
        "{item}: numer seryjny {serial} według systemu jest {where}. Zeskanuj lokalizację tej sztuki albo inną "
        "sztukę."
    ),
    "kit.all_there": "Jest wszystko, liczba zestawów: {qty}. Zbuduj je, potem zakończ zlecenie {id}.",
    "kit.nothing_counted": "Dla zlecenia {id} nic jeszcze nie policzono. Najpierw zeskanuj składnik.",
    "kit.scan_kits": "Każda sztuka {item} ma numer seryjny. Zeskanuj gotowe zestawy przed zakończeniem.",
    "kit.missing": "Do {qty} szt. {sku} brakuje jeszcze: {missing}. Zeskanuj je albo zgłoś resztę jako brak.",
    "kit.built": "Zbudowano {qty} szt. {sku}. W zleceniu {id} zostało do zbudowania: {rest}.",
    "kit.built_back": "Zbudowano {qty} szt. {sku} dla zlecenia {id}. Odłóż na miejsce: {back}.",
    "kit.short": "Zbudowano {built} szt. {sku}, do zbudowania zostało: {rest}. Brakuje: {missing}.",
    "kit.nothing_short": "W zleceniu {id} niczego nie brakuje. Zakończ je.",
    "kit.bill": "Zapisano skład zestawu {sku}, liczba towarów: {parts}.",
    "kit.no_parts": "Zestaw {sku} nie ma składników. Podaj je albo najpierw wpisz skład zestawu.",
    "kit.ordered": "Zlecenie {id}: do zbudowania {qty} szt. {sku}.",
    "kit.number_taken": "Zlecenie {number} już istnieje. Pomiń numer albo podaj inny.",
    "kit.no_build": "Nie ma tu budowy {id}. Wyszukaj ją przy jej zleceniu.",
    "kit.apart": "Rozłożono {qty} szt. {sku}. Składniki odłóż na lokalizacje.",
    "kit.apart_before": "{sku}: te sztuki ({qty}) rozłożono już wcześniej. Sprawdź listę ponownie.",
    "kit.inside": "Zestaw {inside} zawiera {qty} szt. {sku}. Najpierw rozłóż ten zestaw.",
}
