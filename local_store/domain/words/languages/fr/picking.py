"""What is said of picking, in French."""

SENTENCES = {
    "pick.none": "Aucune liste n'est ouverte. Scannez une liste de prélèvement ou choisissez-en une.",
    "pick.opened": "La liste {picklist} est ouverte, lignes : {lines}. Allez à {location}.",
    "pick.already": "La liste {picklist} est déjà ouverte.",
    "pick.other_open": "La liste {open} est ouverte. Terminez-la avant {picklist}.",
    "pick.elsewhere": "La liste {picklist} est en cours au poste {workplace}. Choisissez-en une autre.",
    "pick.finished": "La liste {picklist} est déjà terminée. Choisissez-en une autre.",
    "pick.unknown": "La liste {picklist} est inconnue ici. Choisissez-en une dans la liste affichée.",
    "pick.at": "{location} est correct. Scannez {item}.",
    "pick.wrong_location": "Vous êtes à {location}. Allez à {wanted} et scannez l'emplacement.",
    "pick.scan_location": "Scannez l'emplacement {wanted} avant l'article.",
    "pick.wrong_item": (
        "C'est {got}, la liste {picklist} demande ici {item}. Remettez l'article en place et scannez {item}."
    ),
    "pick.not_on_list": "{got} n'est pas sur la liste {picklist}. Remettez l'article en place et scannez {item}.",
    "pick.item_elsewhere": (
        "{got} se prélève à {wanted} et vous êtes à {location}. Remettez l'article en place ; ici, prenez {item}."
    ),
    "pick.counted": "{item} : {picked} sur {qty}.",
    "pick.line_done": "{item} : {qty} sur {qty}. Ligne terminée.",
    "pick.all_done": "{item} : {qty} sur {qty}. Toutes les lignes sont faites : terminez la liste {picklist}.",
    "pick.too_many": (
        "{item} : il en faut seulement {qty}, vous en avez compté {picked}. Remettez-en {extra} en place."
    ),
    "pick.line_full": (
        "{got} : la quantité y est sur la liste {picklist}. Remettez l'article en place et scannez {item}."
    ),
    "pick.skipped": "{item} reviendra plus tard. Allez à {location}.",
    "pick.short": "{item} : il en manque {missing} ({reason}). Continuez.",
    "pick.short_elsewhere": (
        "{sentence} À {location} : {qty}, d'après les données d'ici. Scannez cet emplacement pour y prélever."
    ),
    "pick.nothing_short": (
        "Aucun manquant ne vient d'être déclaré sur la liste {picklist}. Déclarez d'abord le manquant de la ligne."
    ),
    "pick.no_stock_there": "{item} : aucun stock connu à {location}. Choisissez un autre emplacement.",
    "pick.replanned": "{item} : {qty} à prélever plutôt à {location}. Allez à {location}.",
    "pick.nothing_left": "Toutes les lignes sont traitées. Terminez la liste {picklist}.",
    "pick.undone": "Annulé : {item} est à {picked} sur {qty}.",
    "pick.nothing_to_undo": "Rien n'a encore été compté sur la liste {picklist}. Scannez d'abord un article.",
    "pick.open_lines": "Lignes encore ouvertes : {open} sur {lines}. Prélevez-les ou déclarez un manquant.",
    "pick.completed": "La liste {picklist} est terminée. Confirmation {confirmation}.",
    # lots, expiry dates, serial numbers
    "pick.wants_lot": "{item} : scannez ou saisissez le lot.",
    "pick.wants_expiry": "{item} : scannez ou saisissez la date de péremption.",
    "pick.wants_serial": "{item} : scannez le numéro de série.",
    "pick.item_first": "Aucun article n'est en main. Scannez-en un d'abord.",
    "pick.no_value": "{item} : {value} n'est pas valable ({name}). Scannez ou saisissez de nouveau.",
    "pick.serials_only": "{item} se gère par numéro de série. Scannez celui de chaque unité.",
    "pick.serial_twice": "{item} : le numéro de série {serial} est déjà pris. Scannez chaque unité une seule fois.",
    "pick.serial_of_many": (
        "{item} : le numéro de série {serial} ne désigne qu'une unité, et vous en avez plusieurs en main. Scannez "
        "l'unité elle-même."
    ),
    "pick.serial_elsewhere": (
        "{item} : le numéro de série {serial} est {where}, d'après les données d'ici. Mettez l'unité de côté et "
        "prévenez votre responsable."
    ),
    "pick.expired": (
        "{item}, {lot} : périmé depuis le {expires}. Mettez de côté, prévenez votre responsable et prenez autre "
        "chose."
    ),
    "pick.other_lot": (
        "{item} : lot {wanted} prévu, celui-ci : {got}. Prenez le lot {wanted}, ou scannez de nouveau pour changer "
        "de lot."
    ),
    "pick.earlier_lot": (
        "{item} : le lot {lot} est ici et expire en premier, le {expires}. Prenez-le, ou scannez de nouveau ({got}) "
        "pour garder le vôtre."
    ),
    "pick.earlier_elsewhere": "{sentence} Le lot {lot} à {location} expire en premier, le {expires}.",
    # handhelds: many at once
    "pick.checked": "Liste {picklist}, articles corrects : {accepted} sur {told}.",
    "pick.checked_not": "{sentence} La liste {picklist} reste inchangée.",
    "pick.unknown_sku": "{sku} n'est pas sur la liste {picklist}. Remettez l'article en place.",
    "pick.wrong_place": "{item} se prélève à {places}, pas à {location}. Remettez l'article en place.",
    "pick.no_task": (
        "La tâche {task} n'est pas sur la liste {picklist}, ou pas pour cet article ici. Rechargez la liste."
    ),
    "pick.more_than_asked": (
        "{item} : il en reste {left} à prélever ici, vous en avez scanné {qty}. Remettez-les en place."
    ),
    "pick.serial_missing": "{item} sort par numéro de série. Scannez celui de chaque unité.",
    "pick.lot_missing": "{item} sort par lot. Scannez aussi le lot.",
    "pick.not_the_lot": (
        "{item} : lot {wanted} prévu, celui-ci est le {got}. Remettez-le en place et prenez le lot {wanted}."
    ),
    "pick.no_such_count": (
        "{item} : impossible d'annuler ce comptage, quantité prélevée : {picked}. Vérifiez de nouveau."
    ),
    "pick.not_short": (
        "{item} : déjà prélevé {picked} sur {qty}, ce n'est donc pas la quantité manquante. Vérifiez de nouveau."
    ),
    "pick.no_worker": "{worker} ne travaille pas ici. Choisissez une personne qui travaille ici.",
    "pick.assigned": "La liste {picklist} est pour {name}.",
    "pick.no_line": "La ligne {line} de la commande {order} n'a pas été prélevée ici. Choisissez-en une qui l'a été.",
    "pick.more_than_picked": "{item} : quantité prélevée {picked}, quantité annoncée {told}. Recomptez.",
    "pick.serials_kept": "{item}, numéros de série enregistrés : {number}.",
    "pick.lot_kept": "{item} : {qty} du lot {lot}.",
    # goods that go back, lists that change hands
    "pick.rebin_open": "{item} est encore en cours de prélèvement. Annulez le comptage ou terminez d'abord la ligne.",
    "pick.rebin_too_many": "{item} : quantité prélevée {picked}, impossible d'en remettre {qty} en stock. Recomptez.",
    "pick.rebin_packed": "{item} : il y en a déjà {packed} dans un colis. Retirez d'abord l'article du colis.",
    "pick.rebin_which": (
        "{item} se gère par numéro de série. Indiquez les unités à remettre en stock (quantité : {qty})."
    ),
    "pick.rebin_serials": "{item} : {serial} n'a pas été prélevé pour cette ligne. Scannez les unités en main.",
    "pick.not_open": "La liste {picklist} n'est pas en cours (état : {status}). Commencez-la d'abord.",
    "pick.put_before": "{item} est en main pour son bac. Scannez d'abord le bac au poste.",
    "pick.released": (
        "La liste {picklist} est mise de côté, lignes traitées : {done} sur {lines}. Elle est pour {whose}."
    ),
    "pick.other_zone": (
        "La liste {picklist} est en zone {zone} et le poste {workplace} travaille en zone {here}. Choisissez une "
        "autre liste ou une autre zone."
    ),
    "pick.zone": "Poste {workplace}, zone de travail : {zone}.",
    "pick.zone_where": "Indiquez à quel poste vous prélevez. La zone est enregistrée pour ce poste.",
    # totes of several orders
    "pick.put": "{sentence} Mettez l'article dans le bac de la commande {order} et scannez le bac.",
    "pick.put_right": "Le bac {tote} est correct : commande {order}.",
    "pick.put_any": "{item} est pour la commande {order}, qui n'a pas encore de bac. Scannez un bac vide.",
    "pick.put_first": "Mettez d'abord {item} dans le bac {wanted} et scannez ce bac.",
    "pick.wrong_tote": (
        "Le bac {tote} est pour la commande {other}. Mettez {item} dans le bac {wanted} et scannez ce dernier."
    ),
    "pick.tote": "Le bac {tote} est pour la commande {order}.",
    "pick.tote_taken": "Le bac {tote} contient déjà la commande {order}. Prenez un autre bac.",
    "pick.substituted": (
        "{item} : à la place, prélevez {qty} de {got} à {location}. Allez-y et scannez chaque unité."
    ),
    "pick.no_substitute": (
        "{got} ne peut pas partir à la place de {item} : la commande ne le prévoit pas. Remettez-le en "
        "place ou demandez l'accord d'un responsable."
    ),
    "pick.not_short_for": (
        "{item} : rien ne manque que {got} pourrait remplacer. Déclarez d'abord le manquant ou prenez un "
        "autre article."
    ),
    "pick.substitute_unknown": "{sku} n'est pas un article connu ici. Choisissez-en un autre.",
    "pick.substitute_nowhere": "{got} : aucun stock connu ici. Choisissez un autre article ou continuez sans.",
    "pick.over": "{item} : vous pouvez en prélever {qty} de plus à {location}. Scannez chaque unité.",
    "pick.over_how_many": "{item} : indiquez combien vous en prenez en plus, et pourquoi.",
    "pick.over_open": (
        "{item} : la quantité n'y est pas encore. Prélevez d'abord ce qui est demandé, puis le supplément."
    ),
    "pick.over_too_many": (
        "{item} : quantité demandée {asked}, {qty} de plus serait trop, maximum ici : {most} de plus. "
        "Remettez le reste en place."
    ),
}
