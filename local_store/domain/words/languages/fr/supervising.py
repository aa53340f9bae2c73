"""What is said of work that HQ took back or changed, in French."""

SENTENCES = {
    "work.asks": "{sentence} Rien n'est compté ici avant la décision d'un responsable.",
    "exception.badge": "Ce badge est inconnu ici. Un responsable doit scanner le sien pour décider.",
    "exception.role": "{name} n'a pas le droit de décider cela. Demandez à votre responsable.",
    "exception.none": "Il n'y a rien à décider pour {exception}. Consultez de nouveau la liste.",
    "exception.no_step": "Le choix « {choice} » n'est pas possible ({title}). Choix possibles : {offered}.",
    "exception.moved_on": (
        "La situation a changé depuis la question ({title}, état : {stage}). Le siège est de nouveau "
        "interrogé ; décidez selon ce qui s'affichera."
    ),
    "exception.label_busy": (
        "L'étiquette est en route vers l'imprimante ({title}). Attendez la fin, puis annulez-la."
    ),
    "exception.held": "En attente : {title}. Décidez de nouveau quand la situation est claire.",
    "exception.goes_on": "On continue sans changement : {title}.",
    "exception.gone": "N'est plus ici : {title}.",
    "exception.changed": "Modifié selon la demande du siège : {title}.",
    "exception.void": "Étiquette annulée ({title}). Détruisez-la et mettez le colis de côté.",
    # what a supervisor arranges
    "give.no_list": "La liste {picklist} n'est pas ouverte ici. Consultez de nouveau les listes affichées.",
    "give.no_worker": "{worker} ne prélève pas ici. Choisissez une personne dans la liste.",
    "give.busy": "La liste {picklist} est en cours au poste {workplace}. Faites-la d'abord libérer à ce poste.",
    "give.done": "La liste {picklist} est maintenant pour {worker}.",
    "give.anybody": "La liste {picklist} est pour qui la prend.",
    "give.others": (
        "La liste {picklist} a été donnée à {worker}. Choisissez-en une autre ou demandez à votre responsable."
    ),
    "prioritise.done": "La liste {picklist} est maintenant en priorité {priority}.",
    "wave.listed": "La commande {order} est déjà sur une liste ou déjà demandée. Retirez-la de la vague.",
    "wave.twice": "La commande {order} figure deux fois dans la vague. Indiquez-la une seule fois.",
    "wave.requested": "Vague demandée, commandes : {orders}. Sa liste de prélèvement viendra du siège.",
    "task.created": "La tâche est dans la liste sous {task}.",
    "task.none": "La tâche {task} n'existe pas ici. Consultez de nouveau la liste.",
    "task.taken": "La tâche {task} est déjà prise par {worker}. Prenez-en une autre.",
    "task.done_before": "La tâche {task} est déjà faite. Prenez-en une autre.",
    "task.claimed": "La tâche {task} est à vous, “{instructions}”.",
    "task.completed": "La tâche {task} est faite.",
    "exception.gone_back": "N'est plus ici : {title}. De retour en stock : {goods}.",
}
