"""What is said of quality, and of goods that are held, in French."""

SENTENCES = {
    "qc.unknown": (
        "{id} n'est ni une commande, ni un retour, ni une réception connus ici. Cherchez son numéro dans la liste."
    ),
    "qc.already": "Le contrôle de {id} est déjà en cours.",
    "qc.started": "Contrôle de {id}, unités à examiner : {units} sur {all}.",
    "qc.none": "Le contrôle {id} n'existe pas ici. Commencez-en un d'abord.",
    "qc.over": "Le contrôle de {id} est clos. Commencez-en un nouveau si vous avez trouvé autre chose.",
    "qc.no_photo": "La photo {sha256}… n'est pas sur cette station. Envoyez-la d'abord, puis enregistrez.",
    "qc.recorded": "Enregistré, unités examinées : {seen} sur {wanted}.",
    "qc.too_few": "{id}, unités examinées : {seen} sur {wanted}. Contrôlez les autres, puis clôturez.",
    "qc.resolved": "Enregistré : {id}, décision : {disposition}.",
    "hold.what": (
        "Indiquez ce qu'il faut bloquer : un article, un de ses lots ou une de ses unités, ou un emplacement."
    ),
    "hold.held": "Bloqué : {goods}. Ni prélèvement ni emballage avant le déblocage.",
    "hold.none": "Le blocage {id} n'existe pas ici. Consultez de nouveau la liste.",
    "hold.released": "Débloqué : {goods}.",
    "hold.taken": (
        "Ne prenez pas {item}, stock bloqué : {goods} ({reason}). Laissez l'article en place et demandez au contrôle "
        "qualité."
    ),
}
