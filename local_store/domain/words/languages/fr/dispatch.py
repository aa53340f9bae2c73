"""What is said of loading, manifests and notices, in French."""

SENTENCES = {
    # loading
    "load.none": "Aucun chargement n'est en cours ici. Scannez un colis ou la feuille d'un bordereau déjà commencé.",
    "load.opened": "{carrier} au quai {dock}, {day} : {loaded} colis à bord. Scannez le colis suivant.",
    "load.loaded": "La commande {order} est chargée. {loaded} colis pour {carrier}, il en reste {missing} à charger.",
    "load.all_on": "La commande {order} est chargée. Chargement complet pour {carrier} : {loaded} colis.",
    "load.unknown": (
        "{code} n'est pas un colis connu de cette station. Scannez l'étiquette du colis ou demandez à votre "
        "responsable."
    ),
    "load.order_code": (
        "{code} désigne la commande {order}, pas un de ses colis. Scannez l'étiquette collée sur le colis."
    ),
    "load.not_sealed": (
        "La commande {order} n'est pas encore scellée. Rapportez-la au poste d'emballage, elle n'est pas chargée."
    ),
    "load.voided": (
        "L'étiquette {sscc} de la commande {order} est annulée. Gardez le colis ici et demandez une étiquette "
        "valable à votre responsable."
    ),
    "load.asks": (
        "La commande {order} ne doit pas encore partir : {why} Mettez-la de côté et demandez à votre responsable."
    ),
    "load.wrong_carrier": (
        "La commande {order} part avec {wanted} ; ici on charge {carrier}. Portez-la au quai prévu pour {wanted}."
    ),
    "load.no_carrier": (
        "Le transporteur de la commande {order} n'est pas indiqué. Ouvrez d'abord le bordereau d'un transporteur, "
        "puis scannez de nouveau."
    ),
    "load.already": (
        "La commande {order} est déjà chargée : bordereau {manifest}, {carrier}, quai {dock}. Scannez le colis "
        "suivant."
    ),
    "load.left": (
        "La commande {order} est déjà partie avec {carrier} le {day} ({manifest}). Vérifiez quel est ce colis."
    ),
    "load.undone": "Annulé : la commande {order} n'est plus chargée. Il reste {loaded} colis à bord.",
    "load.nothing_to_undo": "Il n'y a encore rien sur ce bordereau. Scannez d'abord un colis.",
    "load.not_on": "{code} n'est pas sur le bordereau {manifest}. Consultez la liste de ses colis.",
    "load.unloaded": (
        "La commande {order} est retirée du bordereau. Remettez le colis à sa place, il reste {loaded} colis à bord."
    ),
    "load.one_by_one": "Les colis se chargent un par un. Scannez le colis suivant.",
    # manifests
    "manifest.unknown": "Le bordereau {id} n'existe pas ici. Consultez la liste des bordereaux.",
    "manifest.closed_already": (
        "Le bordereau {id} est clos : départ {carrier} le {day}. Ouvrez-en un autre pour ce qui est encore ici."
    ),
    "manifest.empty": "Le bordereau {id} est vide. Scannez ce qui est chargé avant de le clore.",
    "manifest.missing": (
        "Colis scellés pour {carrier}, encore à charger : {missing} ({orders}). Chargez le reste ou clôturez sans."
    ),
    "manifest.closed": "Départ {carrier} avec {loaded} colis. Restés à quai : {missing}.",
    # notices and goods to suppliers
    "notice.exists": "L'avis d'expédition {ref} existe déjà. Donnez un autre numéro au nouveau.",
    "notice.not_loaded": (
        "{what} n'est sur aucun bordereau parti d'ici. Chargez les colis et clôturez le bordereau avant d'envoyer "
        "l'avis."
    ),
    "notice.nothing_loaded": (
        "Rien de cet envoi n'est parti d'ici avec un bordereau. Chargez les colis et clôturez le "
        "bordereau avant d'envoyer l'avis."
    ),
    "notice.two_manifests": (
        "Ces colis sont partis avec plusieurs bordereaux. Faites un avis d'expédition par bordereau, l'un après "
        "l'autre."
    ),
    "notice.made": "L'avis d'expédition {ref} est créé. Commandes en route : {orders}.",
    "vendor.none": (
        "{sku} : il n'y a rien à renvoyer avec une quantité de {qty}. Saisissez plus de zéro ou supprimez la ligne."
    ),
    "vendor.too_few": "{sku} : il n'y en a que {here} ({where}), pas {qty}. Recomptez ou renvoyez-en moins.",
    "vendor.serials": (
        "{sku}, numéros de série : {serials}, quantité : {qty}. Scannez chaque unité une fois, sans en oublier."
    ),
    "vendor.unit_elsewhere": (
        "{sku} : le numéro de série {serial} est {where}, d'après les données d'ici. Scannez le numéro sur l'unité."
    ),
    "vendor.shipped": "Renvoi à {vendor} enregistré : {units} au total.",
    # the end of a day
    "day.left": (
        "Tout n'est pas terminé : {unsealed} colis à sceller, {not_loaded} à charger, étiquettes en attente : "
        "{labels}, données non transmises au siège : {unsent}, données bloquées : {parked}. Consultez la liste ou "
        "clôturez quand même."
    ),
    "day.closed_already": "La journée {day} est déjà clôturée. Ce qui a été fait depuis compte pour la suivante.",
    "day.closed": "La journée {day} est clôturée, colis partis : {dispatched}, bordereaux : {manifests}.",
}
