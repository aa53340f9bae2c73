"""What is said of goods that come back, in French."""

SENTENCES = {
    "return.created": "Le retour {id} de la commande {order} est annoncé.",
    "return.created_label": "Le retour {id} de la commande {order} est annoncé. Son étiquette arrive.",
    "return.number_taken": "Le retour {number} existe déjà. N'indiquez pas de numéro ou donnez-en un autre.",
    "return.no_line": (
        "La ligne {line} de la commande {order} n'est pas connue ici avec cet article. Indiquez l'article de la "
        "ligne."
    ),
    "return.line_twice": "La ligne {line} figure deux fois. Additionnez les deux.",
    "return.unknown": "Le retour {id} n'existe pas ici. Cherchez son numéro dans la liste.",
    "return.through": "Retour {id} (état : {status}) : ce n'est plus possible. Mettez de côté ce qui est arrivé.",
    "return.still_coming": (
        "Le comptage du retour {id} continue au poste {workplace}. Terminez-le d'abord, puis contrôlez le reste."
    ),
    "return.left": (
        "Le retour {id} a avancé entre-temps (état : {status}) et il est fermé ici. Scannez le retour suivant."
    ),
    "return.received": "Réception du retour {id} enregistrée, unités reçues : {units}.",
    "return.nothing_waits": (
        "Rien n'attend de contrôle pour le retour {id} (état : {status}). Réceptionnez d'abord ce qui est arrivé."
    ),
    "return.more_than_came": (
        "Retour {id} : impossible d'en remettre {qty} en vente, quantité à contrôler : {total}. Saisissez de zéro à "
        "{total}."
    ),
    "return.which_line": "Le retour {id} a plusieurs lignes. Indiquez la ligne des unités à remettre en vente.",
    "return.which_serials": (
        "Les unités du retour {id} ont des numéros de série. Indiquez ceux à remettre en vente (quantité : {qty})."
    ),
    "return.inspected": "Enregistré : retour {id}, décision : {disposition} ; à remettre en vente : {qty}.",
    "return.not_yet": "Retour {id}, état : {status}. Il sera clos dès que tout ce qui est arrivé est contrôlé.",
    "return.completed": "Enregistré : le retour {id} est traité.",
    "return.ship_back": (
        "Le retour {id} doit repartir chez son fournisseur. Le siège en fait une commande ; prélevez-la ensuite."
    ),
    "return.ships_back": "Le retour {id} repart déjà chez son fournisseur. Cherchez sa commande.",
    "return.nothing_to_ship": (
        "Rien du retour {id} n'a été remis en stock, il n'y a donc rien à prélever. Contrôlez-le d'abord."
    ),
    # at the workplaces
    "return.not_known": (
        "{code} n'est pas un retour connu ici. Scannez son numéro ou sa commande, ou annoncez-le d'abord."
    ),
    "return.several": "La commande {order} a plusieurs retours : {ids}. Scannez le numéro de l'un d'eux.",
    "return.opened": "Retour {id}, lignes attendues : {lines}. Scannez ce qui est arrivé.",
    "return.inspect": "Retour {id}, unités à contrôler : {units}. Scannez la décision, puis les articles.",
    "return.already": "Le retour {id} est déjà ouvert.",
    "return.other_open": "Le retour {open} est ouvert. Terminez-le avant {id}.",
    "return.nothing_came": "Retour {id} (état : {status}) : rien n'est encore arrivé. Réceptionnez-le d'abord.",
    "return.unexpected": (
        "{sku} est compté, mais le retour {id} n'en attend pas davantage. L'article est gardé tel quel."
    ),
    "return.nothing_counted": "Rien n'a encore été compté pour le retour {id}. Scannez d'abord un article.",
    "return.to": "Décision pour la suite des scans : {disposition}.",
    "return.disposition_first": (
        "Indiquez d'abord la décision : scannez au mur l'un de ces codes, {choices}, puis l'article."
    ),
    "return.not_waiting": (
        "{item} : quantité à contrôler pour le retour {id}, seulement {qty}. Mettez cette unité de côté."
    ),
    "return.other_serial": (
        "{item} : le numéro de série {serial} n'est pas arrivé avec le retour {id}. Mettez cette unité de côté."
    ),
    "return.some_inspected": "Enregistré. Unités du retour {id} encore à contrôler : {left}.",
    "return.all_inspected": "Enregistré. Tout ce qui est arrivé avec le retour {id} est contrôlé : terminez-le.",
    "return.serial_back": (
        "Le numéro de série {serial} de {item} est déjà revenu et attend le contrôle. Vérifiez l'étiquette."
    ),
}
