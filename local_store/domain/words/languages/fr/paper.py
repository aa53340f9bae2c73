"""What is said of labels, slips and files, in French."""

SENTENCES = {
    # labels
    "label.confirmed": "L'étiquette {sscc} est sur la commande {order}.",
    "label.known": "C'est l'étiquette de la commande {order}.",
    "label.checked": "L'étiquette {sscc} est sur la commande {order}.",
    "label.still_waits": "L'étiquette {sscc} de la commande {order} est en attente d'impression.",
    "label.swapped": (
        "C'est l'étiquette de la commande {order}, mais ce carton est celui de la commande {wanted}. Retirez-la, "
        "collez l'étiquette {wanted_sscc} et cherchez le carton de la commande {order}."
    ),
    "label.other_came_out": (
        "C'est l'étiquette de la commande {order} : elle est bien sortie. Ce carton est celui de la commande "
        "{wanted} ; scannez dessus l'étiquette {wanted_sscc}."
    ),
    "label.voided_scan": "L'étiquette {sscc} de la commande {order} est annulée et ne doit pas servir. Détruisez-la.",
    "label.older_copy": (
        "C'est une ancienne étiquette de la commande {order}. Détruisez-la et scannez celle marquée COPY {copy}."
    ),
    "label.check_first": (
        "Scannez l'étiquette sur le carton de la commande {order} avant d'ouvrir une autre commande."
    ),
    "label.settle_first": (
        "L'étiquette {sscc} de la commande {order} n'est pas encore sur son carton. Réglez d'abord son cas dans la "
        "liste des étiquettes."
    ),
    "label.decided_out": "L'étiquette {sscc} compte comme imprimée. Scannez-la une fois sur le carton.",
    "label.reprint": "L'étiquette {sscc} est réimprimée, marquée COPY {copy}. Détruisez l'autre si elle réapparaît.",
    "label.settled": "Il n'y a rien à décider pour l'étiquette {sscc} (état : {state}).",
    "label.released": "L'étiquette {sscc} est en cours d'impression.",
    "label.discarded": "L'étiquette {sscc} est abandonnée. Elle reste dans la liste au cas où.",
    "label.no_reprint": (
        "Étiquette {sscc}, état : {state}. Seule une étiquette sortie peut être réimprimée ; réglez son cas dans la "
        "liste."
    ),
    "label.copy_waits": (
        "Une autre copie de l'étiquette {sscc} est déjà demandée. Réglez d'abord son cas dans la liste des "
        "étiquettes."
    ),
    "label.voided": "L'étiquette {sscc} est annulée et son numéro ne servira plus jamais. Détruisez l'étiquette.",
    "label.no_void": "Étiquette {sscc}, état : {state}. Attendez que ce soit terminé, puis annulez-la.",
    "label.no_number": "L'étiquette {title} n'a pas de numéro à annuler. Jetez-la.",
    "label.asked": "L'étiquette {title} arrive.",
    "label.not_plain": "{template} n'est pas une étiquette qui s'imprime seule. Choix possibles : {known}.",
    "label.unknown": "L'impression {job} n'existe pas ici. Consultez la liste des étiquettes.",
    # files
    "carrier_label.kept": "L'étiquette transporteur de la commande {order} est arrivée.",
    "carrier_label.known": "L'étiquette transporteur de la commande {order} était déjà là.",
    "carrier_label.no_parcel": "{id} est inconnu ici, son étiquette transporteur n'est donc pas conservée.",
    "carrier_label.again": (
        "L'étiquette {sscc} est réimprimée, telle que fournie par le transporteur. Détruisez l'autre si elle "
        "réapparaît."
    ),
    "file.no_room": (
        "Il n'y a plus de place pour un fichier : une station garde {most} Mo au plus. Les anciens s'effacent "
        "d'eux-mêmes la nuit."
    ),
}
