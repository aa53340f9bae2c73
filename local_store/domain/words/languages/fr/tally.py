"""What is said of goods that are tallied, whatever for, in French."""

SENTENCES = {
    "tally.none": "Rien n'est ouvert ici. Scannez à quoi la marchandise appartient ou choisissez dans la liste.",
    "tally.unknown": "{code} est inconnu ici. Scannez l'article ou demandez à votre responsable d'associer le code.",
    "tally.not_for": "{code} n'est pas un article ({thing}). Scannez un article.",
    "tally.item_first": "Aucun article n'est en main. Scannez-en un d'abord.",
    "tally.scan_first": "Scannez un article avant de saisir une quantité. Les unités à numéro de série se scannent.",
    "tally.counted": "{item} : {qty} de plus, {total} en tout.",
    "tally.at": "{location} : scannez ce qui s'y trouve.",
    "tally.wants_lot": "{item} : scannez ou saisissez le lot.",
    "tally.wants_expiry": "{item} : scannez ou saisissez la date de péremption.",
    "tally.wants_serial": "{item} : scannez le numéro de série.",
    "tally.wants_weight": "{item} : posez sur la balance et pesez.",
    "tally.serial_twice": (
        "{item} : le numéro de série {serial} est déjà compté. Scannez chaque unité une seule fois."
    ),
    "tally.serial_of_many": (
        "Le numéro de série {serial} ne désigne qu'une unité, et ce code compte pour {qty}. Scannez l'unité "
        "elle-même."
    ),
    "tally.no_date": "{value} n'est pas une date. Saisissez année-mois-jour, par exemple 2027-03-31.",
    "tally.no_value": "{value} n'est pas valable ({name}). Saisissez de nouveau.",
    "tally.condition": "{item} : la suite de vos scans compte comme {condition}.",
    "tally.amended": "{item}, quantité {qty} : désormais {said}.",
    "tally.photographed": "La photo est enregistrée avec le dernier comptage : {item}, quantité {qty}.",
    "tally.pallet_undone": "Annulé : tout le contenu de {container}, lignes : {lines}.",
    "tally.undone": "Annulé : {item}, quantité {qty}. Reste {total}.",
    "tally.nothing_to_undo": "Rien n'a encore été compté. Scannez d'abord un article.",
    "tally.serial_elsewhere": (
        "Le numéro de série {serial} de {item} est déjà compté au poste {workplace}. Cherchez-le là-bas "
        "ou annulez-y ce comptage."
    ),
}
