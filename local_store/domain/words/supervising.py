"""What is said of work that HQ took back or changed."""

from local_store.domain.words.tone import Sentences, Tone

SENTENCES: Sentences = {
    "work.asks": (Tone.REFUSED, "{sentence} Nothing is counted here before a supervisor has decided."),
    "exception.badge": (Tone.REFUSED, "This badge is not known here. A supervisor scans theirs to decide."),
    "exception.role": (Tone.REFUSED, "{name} may not decide this. Ask a supervisor."),
    "exception.none": (Tone.REFUSED, "There is nothing called {exception} to decide. Look at the list again."),
    "exception.no_step": (Tone.REFUSED, "{choice} is not possible for {title}. Choose one of {offered}."),
    "exception.moved_on": (
        Tone.REFUSED,
        "{title} went on since this was asked: it is {stage} now. HQ is asked again; decide what is shown then.",
    ),
    "exception.label_busy": (
        Tone.REFUSED,
        "The label of {title} is on its way to the printer. Wait until that is over, then void it.",
    ),
    "exception.held": (Tone.NOTE, "{title} is held. Decide again when it is clear."),
    "exception.goes_on": (Tone.NOTE, "{title} goes on as it is."),
    "exception.gone_back": (Tone.NOTE, "{title} is no longer here. In stock again: {goods}."),
    "exception.gone": (Tone.NOTE, "{title} is no longer here."),
    "exception.changed": (Tone.NOTE, "{title} is as HQ wants it now."),
    "exception.void": (Tone.NOTE, "The label of {title} is void. Destroy it and set the parcel aside."),
    # what a supervisor arranges
    "give.no_list": (Tone.REFUSED, "There is no open picklist {picklist} here. Look at the list again."),
    "give.no_worker": (Tone.REFUSED, "{worker} is nobody who picks here. Choose a picker from the list."),
    "give.busy": (Tone.REFUSED, "{picklist} is in progress at {workplace}. Have it handed over there first."),
    "give.done": (Tone.NOTE, "{picklist} is for {worker} now."),
    "give.anybody": (Tone.NOTE, "{picklist} is for whoever takes it."),
    "give.others": (Tone.REFUSED, "{picklist} was given to {worker}. Choose another one, or ask a supervisor."),
    "prioritise.done": (Tone.NOTE, "{picklist} is {priority} now."),
    "wave.listed": (Tone.REFUSED, "Order {order} is on a list already, or was asked for. Leave it out of the wave."),
    "wave.twice": (Tone.REFUSED, "Order {order} is in the wave twice. Name it once."),
    "wave.requested": (Tone.NOTE, "The wave is asked for, orders: {orders}. Its picklist comes from HQ."),
    "task.created": (Tone.NOTE, "The task is in the list as {task}."),
    "task.none": (Tone.REFUSED, "There is no task {task} here. Look at the list again."),
    "task.taken": (Tone.REFUSED, "Task {task} is {worker}'s. Take another one."),
    "task.done_before": (Tone.REFUSED, "Task {task} is done already. Take another one."),
    "task.claimed": (Tone.NOTE, "Task {task} is yours, “{instructions}”."),
    "task.completed": (Tone.NOTE, "Task {task} is done."),
}
