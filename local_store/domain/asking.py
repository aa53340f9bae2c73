"""What a supervisor is asked about work that HQ took back or changed, in words that any language has. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from local_store.domain.events import AskedGoods, Asking, ExceptionRaised, decimal_text
from local_store.domain.words import Phrase, listed, phrase, word

MOST_GOODS = 5
"""Lines that a sentence names."""

_TITLES: Mapping[str, Phrase] = {"picklist": phrase("picklist {id}"), "fulfillment": phrase("order {id}")}
_WHAT: Mapping[str, Phrase] = {
    "cancelled": phrase("HQ cancelled {title}, which is {stage} here."),
    "completed elsewhere": phrase("HQ says that another station completed {title}, which is {stage} here."),
    "packed elsewhere": phrase("HQ says that another station packed {title}, which is {stage} here."),
    "given to another station": phrase("HQ gave {title} to another station, and it is {stage} here."),
    "line removed": phrase("HQ took a line out of {title}, which is {stage} here."),
    "quantity lowered": phrase("HQ wants less for {title}, which is {stage} here."),
    "quantity raised": phrase("HQ wants more for {title}, which is {stage} here."),
    "address changed": phrase("HQ has another address for {title}, which is {stage} here."),
}
_DO: Mapping[str, Phrase] = {
    "put_back": phrase("Put {goods} back on the shelf."),
    "re_bin": phrase("Take {goods} out of the tote and bring it back to stock."),
    "unpack": phrase("Take {goods} out of the package and bring it back to stock."),
    "take_more": phrase("Take the rest as well: {goods}."),
    "void_label": phrase("Void the label and set the parcel aside."),
    "hold": phrase("Set the parcel aside until it is clear."),
    "continue": phrase("It goes on as it is unless somebody holds it."),
}


def title(thing: str, called: str) -> str:
    """`order O-1`, or `picklist PL-1`."""
    return phrase(_TITLES[thing].sentence, id=called)


def sentence(asking: Asking) -> str:
    """What HQ did, and what is to be done with the goods."""
    goods = [_amount(each) for each in asking.goods]
    if asking.more:
        goods.append(phrase("and {many} more", many=asking.more))
    what = phrase(_WHAT[asking.did].sentence, title=title(asking.thing, asking.called), stage=word(asking.stage))
    do = phrase(_DO[asking.proposed].sentence, goods=listed(goods) or phrase("what was taken"))
    return phrase("{what} {do}", what=what, do=do)


def kept(raised: ExceptionRaised) -> str:
    """What the store keeps of a question: what it is made of, or the English sentence of an older release."""
    return raised.sentence if raised.asking is None else raised.asking.model_dump_json()


def question(text: str) -> str:
    """The question that was `kept`."""
    return sentence(Asking.model_validate_json(text)) if text.startswith("{") else text


def _amount(goods: AskedGoods) -> str:
    if not goods.item:
        return phrase("a line that is new")
    return phrase("{qty} of {sku}", qty=decimal_text(goods.qty), sku=goods.item)
