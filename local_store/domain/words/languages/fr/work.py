"""What is said of any command, in French."""

SENTENCES = {
    "work.no_room": (
        "{work} ne s'ouvre pas : le disque de cette station est plein. Terminez ce qui est ouvert et prévenez "
        "l'informatique."
    ),
    "work.too_old": (
        "Jours sans nouvelles du siège : {days} ; au-delà de {most}, son travail ne se commence plus, car il peut "
        "être annulé entre-temps. Terminez ce qui est ouvert et prévenez l'informatique."
    ),
    "quantity.bad": "{keyed} n'est pas une quantité. Saisissez un nombre entier supérieur à zéro.",
    "quantity.scan_first": "Scannez {item} une fois avant de saisir une quantité.",
    "quantity.fewer": (
        "Quantité déjà comptée : {counted}, quantité saisie : {keyed}. Utilisez Annuler pour retirer un comptage."
    ),
    "quantity.same": "{item} : {counted} sur {wanted}, rien ne change.",
    "work.kind": "C'est impossible au poste {workplace} ({what}), prévu pour autre chose ({work}).",
    "work.received": "Reçu.",
    "work.answer_lost": (
        "C'était déjà fait, mais la réponse a été perdue quand la mémoire a été endommagée. Consultez la liste et "
        "reprenez à partir de là."
    ),
}
