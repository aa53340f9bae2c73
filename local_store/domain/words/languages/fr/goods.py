"""What is said of goods that come in or back, and of counts, in French."""

SENTENCES = {
    "goods.badge": "Ce badge est inconnu ici. Un responsable doit scanner le sien.",
    "goods.role": (
        "{name} n'a pas le droit de saisir des marchandises ni des comptages. Demandez à votre responsable."
    ),
    "goods.no_product": "L'article {sku} n'existe pas ici. Cherchez son numéro dans la liste.",
    "goods.none": (
        "{sku} : une quantité de {qty} ne peut pas être une réception. Supprimez la ligne ou saisissez ce qui est "
        "arrivé."
    ),
    "goods.negative": "{item} : une quantité de {qty} est impossible. Saisissez zéro ou plus.",
    "goods.serials": "{sku}, numéros de série : {serials}, quantité : {qty}. Recomptez ou scannez-les de nouveau.",
    "goods.serial_twice": (
        "{sku} : le numéro de série {serial} figure deux fois. Scannez chaque unité une seule fois."
    ),
    "goods.against": (
        "Indiquez l'annonce ou la commande fournisseur concernée, ou enregistrez la réception sans annonce."
    ),
    "goods.blind": "Une réception sans annonce ne concerne que des marchandises non annoncées. Retirez l'annonce.",
    "goods.received": "Réception enregistrée : {units} au total, nombre de lignes : {lines}.",
    "goods.counted": "Enregistré : {qty} de {sku} {place}.",
}
