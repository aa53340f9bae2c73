"""What is said of work that HQ took back or changed, in Polish."""

SENTENCES = {
    "work.asks": "{sentence} Nic się tu nie policzy, dopóki nie zdecyduje kierownik zmiany.",
    "exception.badge": "Ten identyfikator jest tu nieznany. Aby zdecydować, kierownik zmiany musi zeskanować swój.",
    "exception.role": "{name} nie ma uprawnień do tej decyzji. Zapytaj kierownika zmiany.",
    "exception.none": "Nie ma nic do rozstrzygnięcia pod nazwą {exception}. Sprawdź listę ponownie.",
    "exception.no_step": "Wybór „{choice}” jest niemożliwy ({title}). Dostępne: {offered}.",
    "exception.moved_on": (
        "Od zapytania praca poszła dalej ({title}, etap: {stage}). Centrala dostanie nowe pytanie; "
        "zdecyduj o tym, co się wtedy pojawi."
    ),
    "exception.label_busy": (
        "Etykieta jest w drodze do drukarki ({title}). Poczekaj, aż się to skończy, potem ją unieważnij."
    ),
    "exception.held": "Wstrzymano: {title}. Zdecyduj ponownie, gdy sprawa się wyjaśni.",
    "exception.goes_on": "Praca trwa bez zmian: {title}.",
    "exception.gone": "Tego już tu nie ma: {title}.",
    "exception.changed": "Zmieniono tak, jak chce centrala: {title}.",
    "exception.void": "Etykieta unieważniona ({title}). Zniszcz ją i odstaw paczkę na bok.",
    # co ustala kierownik zmiany
    "give.no_list": "Nie ma tu otwartej listy kompletacji {picklist}. Sprawdź jeszcze raz na liście.",
    "give.no_worker": "{worker} tu nie kompletuje. Wybierz z listy osobę, która kompletuje.",
    "give.busy": "Lista {picklist} jest w toku na stanowisku {workplace}. Najpierw trzeba ją tam przekazać.",
    "give.done": "Lista {picklist} przydzielona teraz: {worker}.",
    "give.anybody": "Listę {picklist} może wziąć każdy.",
    "give.others": "Lista {picklist} jest przydzielona: {worker}. Wybierz inną albo zapytaj kierownika zmiany.",
    "prioritise.done": "Lista {picklist}, priorytet teraz: {priority}.",
    "wave.listed": "Zamówienie {order} jest już na liście albo zostało zlecone. Pomiń je w fali.",
    "wave.twice": "Zamówienie {order} jest w fali dwa razy. Podaj je raz.",
    "wave.requested": "Zlecono jedną falę, zamówienia: {orders}. Lista kompletacji przyjdzie z centrali.",
    "task.created": "Zadanie jest na liście jako {task}.",
    "task.none": "Nie ma tu zadania {task}. Sprawdź listę ponownie.",
    "task.taken": "Zadanie {task} wykonuje {worker}. Weź inne.",
    "task.done_before": "Zadanie {task} jest już wykonane. Weź inne.",
    "task.claimed": "Zadanie {task} jest twoje: „{instructions}”.",
    "task.completed": "Zadanie {task} wykonane.",
    "exception.gone_back": "Tego już tu nie ma: {title}. Z powrotem w zapasie: {goods}.",
}
