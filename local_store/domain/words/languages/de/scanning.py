"""What is said of any scan, and of linked codes, in German."""

SENTENCES = {
    "scan.again": (
        "{code} kam zweimal in einem Augenblick und zählt einmal. Gibt es noch eines, scannen Sie es noch einmal."
    ),
    # jeder Scan
    "scan.unknown": (
        "{code} ist hier nicht bekannt. Prüfen Sie das Etikett und scannen Sie {item}, oder bitten Sie "
        "die Schichtleitung, den Code zuzuordnen."
    ),
    "scan.unknown_all_in": (
        "{code} ist hier nicht bekannt, und es ist schon alles drin. Wiegen und verschließen Sie, oder "
        "bitten Sie die Schichtleitung, den Code zuzuordnen."
    ),
    "scan.two_codes": (
        "Zwei Codes kamen in einem Scan ({code}), und nichts wurde gezählt. Scannen Sie einen nach dem anderen; "
        "kommt das wieder vor, muss der Scanner nach jedem Code Enter senden."
    ),
    "scan.many_ways": (
        "Dieser Code lässt sich auf {number} Arten lesen ({ways}), und nichts wurde gezählt. Scannen Sie den "
        "anderen Code des Etiketts oder tippen Sie ihn ein; kommt das oft vor, muss der Scanner GS (FNC1) senden."
    ),
    "scan.no_separators": (
        "Dieser Code lässt sich ohne seine Trennzeichen auf zu viele Arten lesen ({code}), und nichts wurde "
        "gezählt. Scannen Sie den anderen Code des Etiketts oder tippen Sie ihn ein; der Scanner muss GS (FNC1) "
        "senden."
    ),
    "scan.contradicts": (
        "Dieser Code ist beschädigt oder falsch gemacht: {fault} ({code}). Scannen Sie ihn noch einmal oder den "
        "anderen Code des Etiketts."
    ),
    "scan.unknown_case": (
        "{code} ist eine Packung von {item}, aber hier ist nicht bekannt, wie viele darin sind. Scannen Sie die "
        "Artikel oder bitten Sie die Schichtleitung, den Code zuzuordnen."
    ),
    "scan.not_for": "{code} ist {thing}. Scannen Sie {item}.",
    "scan.not_for_all_in": "{code} ist {thing}, und es ist schon alles drin. Wiegen und verschließen Sie.",
    "scan.unreadable": "{device} hat etwas gesendet, das kein Code ist ({why}: {raw}). Scannen Sie noch einmal.",
    "scan.not_kept": (
        "{code} konnte nicht gespeichert werden. Sehen Sie nach, ob es gezählt ist, und scannen Sie es sonst "
        "noch einmal."
    ),
    # einen Code einem Artikel zuordnen
    "link.badge": "Dieser Ausweis ist hier nicht bekannt. Die Schichtleitung scannt ihren, um einen Code zuzuordnen.",
    "link.role": "{name} darf keine Codes zuordnen. Fragen Sie die Schichtleitung.",
    "link.is_badge": "Das ist ein Ausweis und kein Code eines Artikels.",
    "link.no_product": "Einen Artikel {sku} gibt es hier nicht. Suchen Sie die Nummer in der Liste.",
    "link.known": "{code} ist schon {thing}. Es wurde nichts geändert.",
    "link.other": "{code} ist schon {multiplier} von {item} zugeordnet. Heben Sie diese Zuordnung zuerst auf.",
    "link.already": "{code} zählt schon als {multiplier} von {item}.",
    "link.done": "{code} zählt ab jetzt als {multiplier} von {item}.",
    "link.none": "{code} wurde hier nicht zugeordnet, also gibt es keine Zuordnung aufzuheben.",
    "link.undone": "{code} zählt nicht mehr. Es war {multiplier} von {item}.",
}
