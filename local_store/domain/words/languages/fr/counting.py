"""What is said of counts, in French."""

SENTENCES = {
    # at the shelf
    "count.none": "Aucun comptage n'est ouvert ici. Scannez l'emplacement à compter.",
    "count.no_task": (
        "Aucun comptage n'est demandé pour {location}. Scannez un autre emplacement ou demandez ce comptage à votre "
        "responsable."
    ),
    "count.opened": "Comptez {what} à {location}. Scannez d'abord {location}.",
    "count.begun": "{location} : scannez {what}. À la fin, scannez de nouveau {location}.",
    "count.other_open": "Le comptage de {open} est en cours ici. Terminez-le avant d'en commencer un autre.",
    "count.elsewhere": "{location} est en cours de comptage au poste {workplace}. Comptez un autre emplacement.",
    "count.other_worker": (
        "{name} a déjà compté {location} et il faut un deuxième regard. Laissez ce comptage à un collègue."
    ),
    "count.location_first": "On ne compte que sur place. Allez à {location} et scannez l'emplacement.",
    "count.wrong_location": "Vous êtes à {location} ; le comptage porte sur {wanted}. Allez à {wanted}.",
    "count.only": "Ce comptage porte uniquement sur {wanted}. Laissez {got} en place.",
    "count.condition": (
        "Les unités endommagées ne comptent pas comme stock. Mettez-les de côté, prévenez votre responsable et "
        "comptez le reste."
    ),
    "count.empty_asked": (
        "Rien n'a été compté à {location}. Si l'emplacement est vide, scannez encore une fois {location}."
    ),
    "count.right": "{location} est compté, tout est conforme.",
    "count.corrected": "{location} est compté. Corrections : {items}.",
    "count.recount": (
        "{location} est compté. Il y a un écart avec le stock attendu, une autre personne va donc recompter."
    ),
    # what a supervisor does
    "count.asked": "{location} sera compté : {reason}.",
    "count.asked_already": "Un comptage de {location} est déjà ouvert ({reason}). Attendez qu'il soit terminé.",
    "count.no_location": (
        "L'emplacement {location} n'existe pas ici. Relisez son étiquette et saisissez-le de nouveau."
    ),
    "count.no_product": "L'article {sku} n'existe pas ici. Cherchez son numéro dans la liste.",
    "count.planned": "Emplacements qui seront comptés : {many}.",
    "count.none_due": "Aucun emplacement n'est à compter.",
    "count.unknown": "Le comptage {id} n'existe pas ici. Choisissez-en un dans la liste.",
    "count.settled_already": "Le comptage de {location} est clos. S'il est faux, demandez-en un nouveau.",
    "count.nothing_counted": (
        "Personne n'a encore compté {location}, il n'y a donc rien à valider. Faites compter l'emplacement ou "
        "abandonnez le comptage."
    ),
    "count.moved_since": (
        "Depuis le comptage, il est sorti de {location} plus d'unités de {sku} qu'il n'y en avait. Faites recompter."
    ),
    "count.kept": "Le comptage de {location} est clos. Le stock enregistré ne change pas.",
    "stock.adjusted": "{item} à {location} : stock corrigé à {qty}, avant {before} ({reason}).",
    "stock.as_it_is": "{item} à {location} : {qty}, c'est déjà le stock enregistré.",
    "stock.negative": "{item} : une quantité de {qty} est impossible. Saisissez zéro ou plus.",
    "stock.serials": (
        "{item} se gère par numéro de série, une quantité ne suffit pas. Demandez un comptage de {location}."
    ),
}
