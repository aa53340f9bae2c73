"""What is said of goods that come in and are put away, in French."""

SENTENCES = {
    # opening
    "receive.none": (
        "Rien n'est ouvert ici. Scannez le numéro ou une palette d'une livraison annoncée, ou BLIND pour d'autres "
        "marchandises."
    ),
    "receive.unknown": (
        "{code} n'est pas annoncé ici. Vérifiez les documents ou scannez BLIND pour réceptionner sans annonce."
    ),
    "receive.opened": (
        "{number} est ouvert, quantité annoncée : {expected}, reçue : {received}. Scannez la marchandise."
    ),
    "receive.blind": "Marchandise non annoncée : scannez-la. Scannez de nouveau BLIND quand tout est compté.",
    "receive.busy": "{work} est ouvert ici. Terminez d'abord, puis scannez de nouveau {asked}.",
    "receive.closed": "{number} est clos. Rouvrez-le, ou réceptionnez avec BLIND.",
    # scanning
    "receive.no_location": (
        "{location} est un emplacement. Scannez ici la marchandise ; le rangement se fait ensuite."
    ),
    "receive.pallet": "Palette {sscc} comptée en entier, unités : {units}, lignes : {lines}.",
    "receive.pallet_again": "La palette {sscc} est déjà comptée. Mettez-la de côté et scannez la suivante.",
    "receive.pallet_elsewhere": (
        "La palette {sscc} appartient à {number}. Terminez ce qui est ouvert ici, puis scannez de nouveau la palette."
    ),
    "receive.container": (
        "{sscc} est ouvert : scannez ce qu'il y a dessus, puis de nouveau {sscc} quand tout est compté."
    ),
    "receive.container_shut": "{sscc} est compté, unités : {units}. Scannez la suite.",
    "receive.serial_here": (
        "{item} : le numéro de série {serial} est déjà en stock ({account}). Vérifiez l'étiquette ou demandez à "
        "votre responsable."
    ),
    "receive.expires": (
        "{item} expire le {day}, date minimale acceptée : {wanted}. Refusez l'article ou demandez l'accord d'un "
        "responsable."
    ),
    "receive.over": (
        "{item} : quantité annoncée {announced}, {total} serait trop. Refusez le surplus ou demandez l'accord d'un "
        "responsable."
    ),
    "receive.unexpected": (
        "{item} n'est pas annoncé avec {number}. Refusez l'article ou demandez l'accord d'un responsable."
    ),
    "receive.weigh_each": "{item} : chaque unité se pèse. Scannez-la et posez-la sur la balance.",
    "receive.no_photo": "La photo {sha256} n'est pas sur cette station. Reprenez la photo.",
    "receive.waits": "{item} est en main mais pas compté, il manque : {missing}. Complétez ou continuez à scanner.",
    # the end
    "receive.done": "Réception enregistrée : {units} au total, lignes : {lines}.",
    "receive.nothing": "Rien n'a été compté, rien n'est donc enregistré.",
    # announcements
    "inbound.none": "{inbound} n'est pas annoncé ici. Cherchez son numéro dans la liste.",
    "inbound.counting": "{name} compte encore la marchandise de {number}. Terminez d'abord ce comptage.",
    "inbound.needs_second": (
        "{what} : il faut une deuxième personne. Un responsable autorise avec son badge et son code PIN."
    ),
    "inbound.allowed": "Autorisé : {what}.",
    "inbound.allow_what": (
        "Une autorisation porte sur une seule chose. Indiquez une quantité ou une date de péremption."
    ),
    "inbound.closed": "{number} est clos, quantité reçue : {received} sur {expected}.",
    "inbound.closed_already": "{number} est déjà clos. Rien n'a été modifié.",
    "inbound.reopened": "{number} est de nouveau ouvert. Scannez ce qui est arrivé.",
    "inbound.open_already": "{number} est ouvert. Scannez ce qui est arrivé.",
    "inbound.rejected": (
        "Refusé : {item}, quantité {qty}. Cette marchandise n'est pas en stock et repart avec le chauffeur."
    ),
    "receipt.none": "La réception {receipt} n'existe pas ici. Cherchez son numéro dans la liste.",
    "receipt.no_line": "La réception {receipt} n'a pas de ligne {line}. Ses lignes sont numérotées à partir de 0.",
    "receipt.no_change": "Ligne {line} : une modification de 0 ne change rien. Supprimez la ligne.",
    "receipt.twice": "La ligne {line} figure deux fois. Additionnez les deux modifications.",
    "receipt.too_few": "Ligne {line} : il n'est arrivé que {qty} de {sku}. N'en retirez pas davantage.",
    "receipt.gone": (
        "Ligne {line} : il ne reste que {qty} de {sku} ({account}). Ramenez d'abord le reste ou comptez "
        "l'emplacement."
    ),
    "receipt.serials": "Ligne {line} : {sku} se gère par numéro de série. Indiquez-en un pour chaque unité corrigée.",
    "receipt.corrected": "Enregistré : réception {receipt} corrigée, lignes : {lines}.",
    # put-away
    "put_away.none": "Rien n'est en main. Scannez un article ou une palette qui se trouve sur le quai.",
    "put_away.unknown": "{code} est inconnu ici. Scannez un article ou une palette du quai.",
    "put_away.not_on_dock": (
        "{item} : il y en a {qty} sur le quai. Réceptionnez-en d'abord davantage ou scannez autre chose."
    ),
    "put_away.pallet_gone": "{sscc} n'est pas sur le quai. Scannez une autre palette ou les articles un par un.",
    "put_away.take": "{what} en main. Allez à {location} et scannez l'emplacement.",
    "put_away.take_anywhere": (
        "{what} en main. Aucun emplacement n'est proposé : choisissez-en un qui convient et scannez-le."
    ),
    "put_away.in_hand": "Encore en main : {what}. Rangez d'abord à {location} ou reposez sur le quai (Annuler).",
    "put_away.whole_pallet": "Une palette entière est en main. Rangez-la ou reposez-la (Annuler).",
    "put_away.scan_serial": "{item} se gère par numéro de série. Scannez celui de chaque unité.",
    "put_away.has_serial": "Le numéro de série {serial} est déjà en main. Scannez l'unité suivante.",
    "put_away.serial_gone": (
        "{item} : le numéro de série {serial} n'est pas sur le quai, ou quelqu'un d'autre l'a pris. Scannez le "
        "numéro sur l'unité."
    ),
    "put_away.unit_left": (
        "{item} : le numéro de série {serial} n'est plus sur le quai. Reposez l'unité (Annuler) et scannez ce qui "
        "est là."
    ),
    "put_away.full": (
        "{location} a encore de la place pour {room}, et vous en avez {qty} en main. Rangez à {proposal}."
    ),
    "put_away.not_mixed": "{location} contient {other} et n'accepte qu'un seul article. Rangez à {proposal}.",
    "put_away.mixed": (
        "{location} n'accepte qu'un seul article, et vous en avez plusieurs en main. Rangez à {proposal}."
    ),
    "put_away.done": "Rangé à {location} : {what}. Scannez la suite.",
    "put_away.laid_back": "De retour sur le quai : {what}.",
    "put_away.nothing_to_undo": "Rien n'est en main. Ce qui est déjà rangé se déplace par un transfert de stock.",
    "stock_move.same": "L'article est déjà à {location}. Indiquez un autre emplacement.",
    "stock_move.no_location": "L'emplacement {location} n'existe pas ici. Scannez son étiquette.",
    "stock_move.no_product": "L'article {sku} n'existe pas ici. Cherchez son numéro dans la liste.",
    "stock_move.serials": (
        "{sku}, numéros de série : {serials}, quantité : {qty}. N'en indiquez pas plus que la quantité déplacée."
    ),
    "stock_move.serial_elsewhere": (
        "{sku} : le numéro de série {serial} n'est pas à {location}. Scannez de nouveau les unités sur place."
    ),
    "stock_move.done": "Enregistré : {qty} de {sku}, de {source} vers {target}.",
    "goods_label.no_place": "Aucun poste n'est indiqué. Indiquez à quel poste imprimer les étiquettes.",
    "goods_label.asked": "Étiquettes en cours d'impression pour {item} : {copies}.",
}
