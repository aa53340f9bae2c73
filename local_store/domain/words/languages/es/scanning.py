"""What is said of any scan, and of linked codes, in Spanish."""

SENTENCES = {
    # any scan
    "scan.unknown": (
        "{code} no se conoce aquí. Revise la etiqueta y escanee {item}, o pida al supervisor que vincule el código."
    ),
    "scan.unknown_all_in": (
        "{code} no se conoce aquí y ya está todo dentro. Pese y precinte, o pida al supervisor que vincule el código."
    ),
    "scan.two_codes": (
        "Llegaron dos códigos en un solo escaneo ({code}) y no se contó nada. Escanee uno después del otro; si se "
        "repite, configure el escáner para enviar Enter tras cada código."
    ),
    "scan.many_ways": (
        "Este código se puede leer de {number} maneras ({ways}) y no se contó nada. Escanee el otro código de la "
        "etiqueta o tecléelo; si pasa a menudo, configure el escáner para enviar GS (FNC1)."
    ),
    "scan.no_separators": (
        "Sin sus separadores, este código se puede leer de demasiadas maneras ({code}) y no se contó nada. Escanee "
        "el otro código de la etiqueta o tecléelo; configure el escáner para enviar GS (FNC1)."
    ),
    "scan.contradicts": (
        "Este código está dañado o mal hecho: {fault} ({code}). Escanéelo otra vez, o el otro código de la etiqueta."
    ),
    "scan.unknown_case": (
        "{code} es una caja de {item}, pero aquí no se sabe cuánto contiene. Escanee los artículos o pida al "
        "supervisor que vincule el código."
    ),
    "scan.not_for": "{code} es otra cosa ({thing}). Escanee {item}.",
    "scan.not_for_all_in": "{code} es otra cosa ({thing}) y ya está todo dentro. Pese y precinte.",
    "scan.unreadable": "{device} envió algo que no es un código ({why}: {raw}). Escanee otra vez.",
    "scan.again": "{code} llegó dos veces en un instante y cuenta una sola vez. Si hay otro, escanéelo otra vez.",
    "scan.not_kept": "{code} no se pudo guardar. Mire si está contado; si no, escanéelo otra vez.",
    # linking a code to a product
    "link.badge": "Esta credencial no se conoce aquí. Un supervisor debe escanear la suya para vincular un código.",
    "link.role": "{name} no puede vincular códigos. Pregunte al supervisor.",
    "link.is_badge": "Esto es una credencial, no el código de un artículo.",
    "link.no_product": "Aquí no existe el artículo {sku}. Busque su número en la lista.",
    "link.known": "{code} ya está en uso ({thing}). No se cambió nada.",
    "link.other": "{code} ya está vinculado a {multiplier} de {item}. Quite primero ese vínculo.",
    "link.already": "{code} ya cuenta como {multiplier} de {item}.",
    "link.done": "{code} cuenta desde ahora como {multiplier} de {item}.",
    "link.none": "{code} no se vinculó aquí, así que no hay vínculo que quitar.",
    "link.undone": "{code} ya no cuenta. Era {multiplier} de {item}.",
}
