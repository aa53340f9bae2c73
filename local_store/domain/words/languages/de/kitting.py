"""What is said of kits, in German."""

SENTENCES = {
    "kit.unit_elsewhere": (
        "{item}: Seriennummer {serial} ist, soweit bekannt, hier: {where}. Scannen Sie den Platz des Stücks oder ein "
        "anderes Stück."
    ),
    "kit.unknown": (
        "{code} ist kein Arbeitsauftrag, der hier bekannt ist. Scannen Sie seine Nummer oder wählen Sie ihn."
    ),
    "kit.through": "Arbeitsauftrag {id} ist erledigt, gebaute Sets: {built}. Wählen Sie einen anderen.",
    "kit.no_bill": (
        "Woraus {sku} von Arbeitsauftrag {id} besteht, ist nicht bekannt. Bitten Sie die Schichtleitung um die "
        "Stückliste."
    ),
    "kit.of_itself": (
        "{sku} wäre Teil von sich selbst oder zu tief verschachtelt ({way}). Berichtigen Sie die Stückliste."
    ),
    "kit.opened": "Arbeitsauftrag {id}: {qty} von {sku}. Gebraucht wird: {parts}.",
    "kit.already": "Arbeitsauftrag {id} ist schon offen.",
    "kit.other_open": "Arbeitsauftrag {open} ist offen. Schließen Sie ihn vor {id} ab.",
    "kit.not_part": "{item} gehört nicht zu Arbeitsauftrag {id}. Legen Sie es zurück.",
    "kit.too_many": "{item}: Arbeitsauftrag {id} braucht höchstens {qty}. Legen Sie den Rest zurück.",
    "kit.one_place": (
        "{item}: Die Sets von Arbeitsauftrag {id} kommen auf {location}. Scannen Sie diesen Platz oder schließen "
        "Sie zuerst ab."
    ),
    "kit.all_there": "Alles ist da, zu bauende Sets: {qty}. Bauen Sie sie und schließen Sie dann {id} ab.",
    "kit.nothing_counted": "Für Arbeitsauftrag {id} wurde noch nichts gezählt. Scannen Sie zuerst ein Teil.",
    "kit.scan_kits": "{item} hat Seriennummern. Scannen Sie die fertigen Sets, bevor Sie abschließen.",
    "kit.missing": (
        "Für {qty} von {sku} fehlt noch: {missing}. Scannen Sie es oder melden Sie den Rest als Fehlmenge."
    ),
    "kit.built": "Gebaut: {qty} von {sku}. Noch zu bauen für Arbeitsauftrag {id}: {rest}.",
    "kit.built_back": "Gebaut für Arbeitsauftrag {id}: {qty} von {sku}. Legen Sie zurück: {back}.",
    "kit.short": "Gebaut: {built} von {sku}, noch zu bauen: {rest}. Es fehlt: {missing}.",
    "kit.nothing_short": "Für Arbeitsauftrag {id} fehlt nichts. Schließen Sie ihn ab.",
    "kit.bill": "Erfasst, woraus {sku} besteht, Artikel: {parts}.",
    "kit.no_parts": "In {sku} kommt nichts hinein. Nennen Sie die Teile oder erfassen Sie zuerst die Stückliste.",
    "kit.ordered": "Arbeitsauftrag {id}: zu bauen {qty} von {sku}.",
    "kit.number_taken": (
        "Einen Arbeitsauftrag {number} gibt es schon. Lassen Sie die Nummer weg oder geben Sie eine andere."
    ),
    "kit.no_build": "Einen Bau {id} gibt es hier nicht. Suchen Sie ihn bei seinem Arbeitsauftrag.",
    "kit.apart": "Zerlegt: {qty} von {sku}. Die Teile sind einzulagern.",
    "kit.apart_before": "{qty} von {sku}: schon zerlegt. Sehen Sie noch einmal in die Liste.",
    "kit.inside": "{qty} von {sku}: steckt in {inside}. Zerlegen Sie das zuerst.",
}
