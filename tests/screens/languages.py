"""Scenes of real work in every language of the floor, made of the sentences that a station says."""

from __future__ import annotations

from typing import Any

from local_store.domain.words import Answer, in_language, phrase, say, told
from local_store.domain.words.reasons import PICK_SHORT
from tests.screens import views
from tests.screens.views import Json, action, device, doing, lane, pack, pick, pick_line, weight

ITEMS = {
    "en": ("Queso Cabrales", "Northwoods Cranberry Sauce"),
    "de": ("Räucherlachsfiletspezialitäten", "Preiselbeerkonfitüre"),
    "es": ("Queso de Cabrales madurado en cueva", "Confitura de arándanos"),
    "pl": ("Żurawinowa konfitura świętokrzyska", "Ser wędzony z Podhala"),
    "fr": ("Confiture d'airelles à l'ancienne", "Fromage de brebis des Pyrénées"),
    "zh": ("野生蔓越莓果酱", "卡伯瑞勒斯蓝纹奶酪"),
    "ar": ("جبنة كابراليس المعتقة", "مربى التوت البري"),
}
"""Two names of goods, as a site that speaks the language writes them."""
NAMES = {"en": "Ana", "de": "Jürgen", "es": "Begoña", "pl": "Łucja", "fr": "Hélène", "zh": "李伟", "ar": "ليلى"}

UNDO, SKIP = action("undo", phrase("Undo")), action("skip", phrase("Skip"))
SIGN_OUT = action("sign-out", phrase("Sign out"))
QUANTITY = action("quantity", phrase("Quantity"))
SHORT = action("short", phrase("Short"), reasons=[{"code": code, "label": said} for code, said in PICK_SHORT.items()])
QUESTIONS = [
    {"decision": "came_out", "label": phrase("It came out")},
    {"decision": "did_not", "label": phrase("It did not")},
    {"decision": "damaged", "label": phrase("It is damaged")},
]


def of(language: str) -> dict[str, Json]:
    """Each scene as {view, weight, press}."""
    first, second = ITEMS[language]
    item, other = f"{first} (NW-011)", f"{second} (NW-008)"
    made: dict[str, Json] = {
        "choose": {"view": _choose(NAMES[language])},
        "wrong_item": {"view": _picking(first, say("pick.wrong_item", got=other, picklist="PICK-12", item=item))},
        "short": {
            "view": _picking(first, say("pick.counted", item=item, picked="3", qty="10")),
            "press": "action-bar [data-key=short]",
        },
        "keyed": {
            "view": _picking(first, say("pick.too_many", item=item, qty="10", picked="9", extra="2")),
            "press": "button.amount",
        },
        "hq_away": {"view": _hq_away(first, say("pick.line_done", item=item, qty="10"))},
        "signed_out": {"view": _signed_out()},
        "weight": {"view": _weighing(first, second), "weight": weight("stable", "11.280 kg")},
        "label": {"view": _label(first, second), "weight": weight("stable", "12.340 kg")},
        "receive": {"view": _receiving(first, second, say("tally.counted", item=item, qty="12", total="36"))},
    }
    for number, scene in enumerate(made.values()):
        scene["view"] = _spoken(scene["view"], language, number)
    return made


def _spoken(view: Json, language: str, number: int) -> Json:
    said = view["answer"]
    if isinstance(said, Answer):
        spoken = in_language(said, language)
        view["answer"] = views.answer(500 + number, spoken.tone.value, spoken.text)
    if view["worker"]:
        view["worker"] = {**view["worker"], "name": NAMES[language]}
    in_words: Json = told(view, language)
    return in_words | {"language": language}


def _picking(name: str, said: Answer, **changes: Any) -> Json:
    lines = [pick_line(1, "D-01-3", "NW-011", name, "10", "3", "current"), *views.PICKLIST["lines"][1:5]]
    return pick(
        doing("scan_item", "D-01-3", name, phrase("take {qty} more", qty="7"), "NW-011"),
        answer=said,
        actions=[SHORT, UNDO, SKIP, QUANTITY, SIGN_OUT],
        picklist={**views.PICKLIST, "lines": lines},
        **changes,
    )


def _choose(name: str) -> Json:
    details = [phrase("starts at {location}", location=where) for where in ("A-01-2", "D-01-3", "G-01-1")]
    choices = [{**each, "detail": detail} for each, detail in zip(views.CHOICES, details, strict=True)]
    return pick(
        doing("choose", phrase("Scan a picklist"), phrase("or choose one below")),
        picklist=None,
        progress=None,
        answer=say("worker.signed_in", name=name),
        actions=[SIGN_OUT],
        choices=choices,
    )


def _hq_away(name: str, said: Answer) -> Json:
    away = lane(
        "unreachable",
        phrase("HQ cannot be reached. {safe}", safe=phrase("Keep working.")),
        unsent=212,
        oldest_unsent_at=views.minutes_ago(3),
        parked=2,
    )
    return _picking(name, said, lanes=[away], training=True)


def _signed_out() -> Json:
    return pick(doing("sign_in", phrase("Scan your badge")), worker=None, **{**views.EMPTY_HANDS, "actions": []})


def _parcel(first: str, second: str, state: str) -> Json:
    lines = [
        views.parcel_line(1, "NW-011", first, "9", "9", "done"),
        views.parcel_line(2, "NW-008", second, "4", "4", "done"),
    ]
    package = views.SEALED_PARCEL["package"] | {"state": state}
    return {**views.SEALED_PARCEL, "lines": lines, "package": package}


def _weighing(first: str, second: str) -> Json:
    reasons = [{"code": "counted", "label": phrase("Counted again, all is in")}]
    reasons.append({"code": "packaging", "label": phrase("Other packaging")})
    return pack(
        doing(
            "weigh",
            phrase("Weigh {parcel}", parcel=phrase("the parcel")),
            phrase("Close the box and put it on the scale"),
        ),
        parcel=_parcel(first, second, "open"),
        answer=say("pack.not_in_order", got="Chai (NW-001)", order="ord_10249", item=f"{first} (NW-011)"),
        actions=[
            action("weigh", phrase("Weigh again")),
            action("weigh", phrase("Keep it: why?"), reasons=reasons),
            UNDO,
            SIGN_OUT,
        ],
    )


def _label(first: str, second: str) -> Json:
    asks = {**views.UNCERTAIN, "sentence": phrase("Did it come out?"), "questions": QUESTIONS}
    return pack(
        doing("label", phrase("Scan the label"), phrase("on the box of order {order}", order="ord_10249")),
        parcel=_parcel(first, second, "sealed"),
        labels=[asks],
        answer=say("pack.sealed", order="ord_10249", sscc="340123450000000017"),
        actions=[SIGN_OUT],
    )


def _receiving(first: str, second: str, said: Answer) -> Json:
    traits: Json = {"condition": None, "location_id": "DOCK-1", "serials": []}
    lines = [
        {"sku": "NW-011", "name": first, "qty": "36", "lot_id": "L-77A", "expires_on": "2027-03-31", **traits},
        {"sku": "NW-008", "name": second, "qty": "4", "lot_id": None, "expires_on": None, **traits}
        | {"condition": "damaged"},
    ]
    return pick(
        doing("scan_item", phrase("Scan an item"), phrase("at {which}", which="DOCK-1")),
        work="receive",
        answer=said,
        progress={"id": "ASN-4711", "done": 1, "of": 3},
        picklist=None,
        tally={"tally_id": "tly_1", "about": "ASN-4711", "location_id": "DOCK-1", "lines": lines},
        devices=[*views.PICK_DEVICES, device("scale", "scale")],
        actions=[action("complete", phrase("Done")), UNDO, QUANTITY, SIGN_OUT],
    )
