"""What is said of any scan, and of linked codes, in French."""

SENTENCES = {
    # any scan
    "scan.unknown": (
        "{code} est inconnu ici. Vérifiez l'étiquette et scannez {item}, ou demandez à votre responsable "
        "d'associer le code."
    ),
    "scan.unknown_all_in": (
        "{code} est inconnu ici, et tout y est déjà. Pesez et scellez, ou demandez à votre responsable "
        "d'associer le code."
    ),
    "scan.two_codes": (
        "Deux codes sont arrivés en un seul scan ({code}) et rien n'a été compté. Scannez-les l'un après l'autre ; "
        "si cela se répète, réglez le scanner pour qu'il envoie Enter après chaque code."
    ),
    "scan.many_ways": (
        "Ce code peut se lire de {number} façons ({ways}) et rien n'a été compté. Scannez l'autre code de "
        "l'étiquette ou saisissez-le ; si c'est fréquent, réglez le scanner pour qu'il envoie GS (FNC1)."
    ),
    "scan.no_separators": (
        "Sans ses séparateurs, ce code peut se lire de trop de façons ({code}) et rien n'a été compté. Scannez "
        "l'autre code de l'étiquette ou saisissez-le ; réglez le scanner pour qu'il envoie GS (FNC1)."
    ),
    "scan.contradicts": (
        "Ce code est abîmé ou mal formé : {fault} ({code}). Scannez-le de nouveau, ou l'autre code de l'étiquette."
    ),
    "scan.unknown_case": (
        "{code} est un carton de l'article {item}, mais la quantité par carton est inconnue ici. Scannez les "
        "articles ou demandez à votre responsable d'associer le code."
    ),
    "scan.not_for": "{code} correspond à autre chose ({thing}). Scannez {item}.",
    "scan.not_for_all_in": "{code} correspond à autre chose ({thing}), et tout y est déjà. Pesez et scellez.",
    "scan.unreadable": "{device} a envoyé autre chose qu'un code ({why} : {raw}). Scannez de nouveau.",
    "scan.again": (
        "{code} est arrivé deux fois de suite et compte une fois. S'il y en a un autre, scannez-le de nouveau."
    ),
    "scan.not_kept": "{code} n'a pas pu être enregistré. Vérifiez s'il est compté, sinon scannez-le de nouveau.",
    # linking a code to a product
    "link.badge": "Ce badge est inconnu ici. Un responsable doit scanner le sien pour associer un code.",
    "link.role": "{name} n'a pas le droit d'associer des codes. Demandez à votre responsable.",
    "link.is_badge": "C'est un badge, pas le code d'un article.",
    "link.no_product": "L'article {sku} n'existe pas ici. Cherchez son numéro dans la liste.",
    "link.known": "{code} est déjà attribué : {thing}. Rien n'a été modifié.",
    "link.other": "{code} est déjà associé à {item}, quantité {multiplier}. Supprimez d'abord cette association.",
    "link.already": "{code} est déjà associé à {item}, quantité {multiplier}.",
    "link.done": "{code} est désormais associé à {item}, quantité {multiplier}.",
    "link.none": "{code} n'a pas été associé ici, il n'y a donc rien à supprimer.",
    "link.undone": "{code} n'est plus associé à rien. C'était {item}, quantité {multiplier}.",
}
