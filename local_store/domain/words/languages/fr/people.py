"""What is said of people, in French."""

SENTENCES = {
    "worker.signed_in": "Bonjour {name}.",
    "worker.signed_out": "{name} : session fermée.",
    "worker.already": "{name} : session déjà ouverte ici.",
    "worker.none": "Aucune session n'est ouverte ici. Scannez d'abord votre badge.",
    "worker.busy": "{name} a encore un travail en cours ici. Terminez-le ou fermez d'abord cette session.",
    "worker.role": "{name} n'a pas le droit de travailler ici ({work}). Demandez à votre responsable le rôle {role}.",
    "worker.leaves_work": "{name} : session fermée. Le travail reste en cours ici pour le prochain badge.",
    "worker.may_not": "{name} n'a pas ce droit, rôle requis : {roles}. Demandez à votre responsable.",
    "worker.may_not_approve": (
        "{name} ne peut pas donner cette autorisation. Une autre personne, responsable ici, doit scanner son badge."
    ),
    "worker.badges_ended": (
        "{name} ne peut ni ouvrir de session ni donner d'autorisation : les badges ont expiré ({until}) ; le siège "
        "les renouvelle dès qu'il répond."
    ),
    "pin.nobody": "La personne {person} est inconnue ici. Consultez de nouveau la liste du personnel.",
    "pin.free": "{name} peut déjà saisir son code PIN.",
    "pin.unlocked": "{name} peut de nouveau saisir son code PIN.",
    "device.registered": "{device} est maintenant connu ici.",
}
