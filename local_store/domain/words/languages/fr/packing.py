"""What is said of packing and the scale, in French."""

SENTENCES = {
    # packing
    "pack.none": "Aucun colis n'est ouvert. Scannez un bac ou une commande.",
    "pack.opened": "Commande {order}, lignes à vérifier : {lines}. Scannez {item}.",
    "pack.already": "La commande {order} est déjà ouverte.",
    "pack.other_open": "La commande {open} est ouverte. Scellez-la avant {order}.",
    "pack.not_picked": "La commande {order} n'est pas encore prélevée. Prenez un autre bac.",
    "pack.elsewhere": "La commande {order} est en cours d'emballage au poste {workplace}. Prenez un autre bac.",
    "pack.packed": "La commande {order} est déjà emballée. Prenez un autre bac.",
    "pack.nothing_picked": "Rien n'a été prélevé pour la commande {order}. Portez le bac à votre responsable.",
    "pack.unknown": "{id} est inconnu ici. Scannez un bac ou une commande.",
    "pack.not_in_order": "{got} n'est pas dans la commande {order}. Mettez l'article de côté et scannez {item}.",
    "pack.not_in_order_all_in": (
        "{got} n'est pas dans la commande {order}. Mettez l'article de côté ; tout y est déjà."
    ),
    "pack.counted": "{item} : {packed} sur {qty}.",
    "pack.line_done": "{item} : {qty} sur {qty}. Ligne terminée.",
    "pack.all_done": "Tout y est. Fermez le carton et posez-le sur la balance.",
    "pack.too_many": "{item} : il en faut seulement {qty}, vous en avez compté {packed}. Retirez-en {extra}.",
    "pack.line_full": "{got} : la quantité y est pour la commande {order}. Retirez l'article et scannez {item}.",
    "pack.line_full_all_in": (
        "{got} : la quantité y est pour la commande {order}. Retirez l'article ; tout y est déjà."
    ),
    "pack.nothing_left": "Tout y est. Pesez le colis.",
    "pack.undone": "Annulé : {item} est à {packed} sur {qty}.",
    "pack.nothing_to_undo": "Rien n'a encore été compté dans ce colis. Scannez d'abord un article.",
    "pack.not_verified": "Lignes encore à vérifier : {open} sur {lines}. Scannez {item}.",
    "pack.weighed": "{weight}. Scellez le colis.",
    "pack.not_weighed": "Le colis n'est pas encore pesé. Posez-le sur la balance et pesez.",
    "pack.wrong_weight": "{found} Vérifiez le contenu du carton, puis pesez de nouveau ou indiquez un motif.",
    "pack.sealed": "La commande {order} est scellée. Son étiquette {sscc} arrive.",
    "pack.sealed_numbered": "La commande {order} est scellée sous le numéro {package}. Son étiquette {sscc} arrive.",
    "pack.no_numbers": (
        "Il n'y a plus de numéros disponibles ici ({what}). Mettez le colis de côté et prévenez l'informatique : ils "
        "viennent du siège ou de numbers.{kind} dans edge.toml."
    ),
    # several parcels, several orders
    "pack.next_parcel": (
        "Le colis {number} est ouvert ; le colis {full} attend la balance. Scannez {item} dans le colis {number}."
    ),
    "pack.parcel_empty": "Le colis {number} est encore vide. Mettez-y quelque chose avant de passer au suivant.",
    "pack.too_many_parcels": "La commande {order} a déjà {most} colis. Mettez le reste dans l'un d'eux.",
    "pack.parcel_chosen": "Colis {number} de la commande {order} : ce que vous scannez maintenant y va.",
    "pack.no_parcel": "La commande {order} n'a pas de colis {number}. Choisissez-en un affiché à l'écran.",
    "pack.parcel_closed": (
        "Le colis {number} de la commande {order} est scellé et ne change plus. Choisissez-en un autre ou faites-le "
        "annuler."
    ),
    "pack.not_in_parcel": (
        "{qty} de {sku} : transfert impossible, le colis {number} en contient {held}. Recomptez et indiquez un autre "
        "colis de destination."
    ),
    "pack.which_serials": (
        "Indiquez quelles unités partent : le colis {number} contient les numéros de série {serials}. Scannez-en un "
        "par unité."
    ),
    "pack.repacked": "{item}, quantité {qty} : du colis {source} au colis {target}.",
    "pack.parcel_weighed": "Colis {number} : {weight}. Scellez-le.",
    "pack.parcel_sealed": (
        "Le colis {number} de la commande {order} est scellé, son étiquette {sscc} arrive. Article suivant : {item}."
    ),
    "pack.parcel_sealed_all_in": (
        "Le colis {number} de la commande {order} est scellé, son étiquette {sscc} arrive. Passez au colis suivant."
    ),
    "pack.resumed": "La commande {order} est au premier plan. Scannez {item}.",
    "pack.resumed_all_in": "La commande {order} est au premier plan, tout y est. Pesez et scellez.",
    "pack.short": "{item} : il en manque {missing} ({reason}).",
    "pack.nothing_there": (
        "Il ne resterait rien à expédier pour la commande {order}. Portez le bac à votre responsable."
    ),
    # serial numbers
    "pack.wants_serial": "{item} : scannez le numéro de série.",
    "pack.serials_singly": "{item} se gère par numéro de série. Scannez chaque unité, puis son numéro de série.",
    "pack.serial_twice": "{item} : le numéro de série {serial} est déjà dans le colis. Scannez l'unité suivante.",
    "pack.serial_packed": (
        "{item} : le numéro de série {serial} est dans un autre colis. Mettez l'unité de côté et prévenez votre "
        "responsable."
    ),
    "pack.serial_not_picked": (
        "{item} : le numéro de série {serial} n'a pas été prélevé pour la commande {order}. Mettez l'unité de côté "
        "et prenez-en une dans le bac."
    ),
    # before a parcel is sealed
    "pack.confirm_first": "Lisez et confirmez, puis scellez : {note} Scannez CONFIRM ou touchez-le à l'écran.",
    "pack.confirmed": "Remarques confirmées : {notes}, restantes : {left}.",
    "pack.no_note": "La commande {order} n'a pas cette remarque à confirmer. Continuez l'emballage.",
    "pack.photo_first": "Photographiez le colis {number} de la commande {order}, puis scellez-le.",
    "pack.no_photo": "Cette photo de la commande {order} n'est pas ici. Reprenez-la et envoyez-la d'abord.",
    "pack.photographed": "La photo du colis {number} est enregistrée.",
    "pack.carton": "Carton du colis {number} : {carton}.",
    "pack.no_carton": "Le carton {carton} n'existe pas ici. Choisissez-en un dans la liste.",
    "pack.material": "Colis {number} : {material}, quantité {qty}.",
    "pack.material_none": "{material} : une quantité de {qty} est impossible. Saisissez la quantité utilisée.",
    "pack.measured": "Le colis {number} mesure {size}.",
    # after a parcel is sealed
    "pack.void_unknown": "Le colis scellé {package} n'existe pas ici. Scannez de nouveau son étiquette.",
    "pack.void_approval": "Le colis {package} est scellé. Un responsable doit autoriser son ouverture.",
    "pack.voided": (
        "Le colis {package} est annulé. Détruisez son étiquette {sscc}, videz-le et remballez la commande {order}."
    ),
    "pack.not_all_packed": "La commande {order} n'est pas emballée. Scellez d'abord ses colis.",
    "pack.shipment_asked": "L'expédition de la commande {order} est demandée : {parcels} colis.",
    "pack.shipment_known": "L'expédition de la commande {order} était déjà demandée : rien n'a été modifié.",
    # parcels that are told whole
    "pack.session_of_other": (
        "La session est demandée pour {worker}, mais la clé appartient à {name}. Utilisez la clé de la personne qui "
        "emballe."
    ),
    "pack.package_taken": "Le colis {package} est déjà connu ici. Donnez à chaque colis son propre numéro.",
    "pack.no_package": "Le colis {package} n'existe pas ici. Emballez-le d'abord.",
    "pack.no_lines": (
        "Colis {package} : aucune commande ne contient toutes les lignes {lines}, une fois chacune. Indiquez leur "
        "commande."
    ),
    "pack.item_wrong": (
        "{item}, quantité : {qty}, numéros de série : {serials}, c'est impossible. Indiquez la quantité et le numéro "
        "de série de chaque unité."
    ),
    "pack.two_hqs": (
        "Les commandes {orders} dépendent de sièges différents. Transmettez séparément les colis de chaque siège."
    ),
    "pack.recorded": "Enregistré : {parcels} colis, emballage et pesée faits.",
    # scale
    "scale.none": (
        "Aucune balance n'a donné de poids. Vérifiez qu'elle est allumée et connectée, puis pesez de nouveau."
    ),
    "scale.moving": "La balance n'est pas stable. Lâchez le colis et pesez de nouveau.",
    "scale.old": "La balance n'a pas donné de nouveau poids depuis votre demande. Pesez de nouveau.",
    "scale.over": "Le colis est trop lourd pour la balance. Prenez-en une plus grande.",
    "scale.under": "La balance est en dessous de zéro. Videz-la, remettez-la à zéro et pesez de nouveau.",
    "scale.fault": "La balance signale un défaut ({fault}). Éteignez-la, rallumez-la, puis pesez de nouveau.",
    "scale.not_emptied": (
        "La balance n'a pas été vidée depuis le dernier colis. Retirez le colis, attendez le zéro, reposez-le et "
        "pesez."
    ),
    "scale.empty": "La balance affiche {weight}. Posez le colis dessus et pesez de nouveau.",
}
