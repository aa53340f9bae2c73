"""Labels and slips."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import PlainSerializer

from local_store.domain.events.base import Fact, OfFulfillment, in_order


class LabelRequested(OfFulfillment):
    """A shipping label is wanted for a sealed package; the job waits in the spool. A reprint says its reason."""

    kind: ClassVar[str] = "label.requested"
    job_id: str
    package_id: str
    sscc: str
    workplace: str
    copy_no: int = 1
    reason: str | None = None


class PlainLabelRequested(Fact):
    """A label that may come out twice without harm is wanted: of a location, an item, a tote."""

    kind: ClassVar[str] = "label.plain_requested"
    job_id: str
    workplace: str
    template: str
    values: Annotated[dict[str, str], PlainSerializer(in_order)]


class CarrierLabelReceived(OfFulfillment):
    """HQ gave the label that a carrier made for a parcel; its bytes are in the table `file` under `sha256`."""

    kind: ClassVar[str] = "carrier_label.received"
    package_id: str
    """Ours; empty when nothing of the fulfillment was sealed here."""
    lane: str
    tracking_number: str
    sha256: str
    content_type: str


class CarrierLabelRequested(LabelRequested):
    """The carrier's own label of a sealed package is wanted on paper: no second one is made by itself, ever."""

    kind: ClassVar[str] = "label.carrier_requested"
    file: str
    """SHA-256 of the carrier's file."""
    tracking_number: str


class OfLabel(OfFulfillment):
    """A fact about one label job; a plain label belongs to no fulfillment and to no package."""

    fulfillment_id: str = ""
    job_id: str
    package_id: str = ""


class LabelConfirmed(OfLabel):
    """There is evidence that the label came out."""

    kind: ClassVar[str] = "label.confirmed"
    evidence: Literal["counter", "alert", "status", "scan", "seen", "person"]
    """`scan`: on its own box; `seen`: scanned where another label was expected, so it exists and may be misplaced."""


class LabelUncertain(OfLabel):
    """Nobody knows whether the label came out; `reason` says why in a sentence."""

    kind: ClassVar[str] = "label.uncertain"
    reason: str


class LabelFailedClean(OfLabel):
    """The printer itself shows that nothing came out; `reason` says how in a sentence."""

    kind: ClassVar[str] = "label.failed_clean"
    reason: str


class LabelReprintApproved(OfLabel):
    """A person said that the label did not come out or is damaged: it is printed again, marked as a copy."""

    kind: ClassVar[str] = "label.reprint_approved"
    decision: Literal["did_not", "damaged"]
    copy_no: int


class LabelExpired(OfLabel):
    """The label waited too long for its printer; a person says whether it is still wanted."""

    kind: ClassVar[str] = "label.expired"
    reason: str


class LabelReleased(OfLabel):
    """A person said that a label that never came out is to be printed now."""

    kind: ClassVar[str] = "label.released"


class LabelCancelled(OfLabel):
    """The label is not wanted any more, or cannot be made; it never came out."""

    kind: ClassVar[str] = "label.cancelled"
    reason: str


class LabelVoided(OfLabel):
    """The label must not be used; its number is never given out again."""

    kind: ClassVar[str] = "label.voided"
    reason: str


class LabelChecked(OfLabel):
    """The label was scanned on its own box."""

    kind: ClassVar[str] = "label.checked"


class LabelSwapped(OfLabel):
    """This label was scanned where another package's label belongs: it may be on the wrong box."""

    kind: ClassVar[str] = "label.swapped"
    found_at: str
    """The package whose label was expected."""


# --- slips ------------------------------------------------------------------------------------------------------


class OfSlip(Fact):
    """A fact about one slip of paper that somebody asked for: packing, pick, discrepancy or shift, and `of` what."""

    workplace: str
    slip: str
    of: str
    printer: str


class SlipPrinted(OfSlip):
    """The slip is on paper, as the printer says."""

    kind: ClassVar[str] = "slip.printed"
    evidence: Literal["process_id", "status"]


class SlipDoubted(OfSlip):
    """Nobody knows whether the whole slip came out; `reason` says why. It is not sent again by itself."""

    kind: ClassVar[str] = "slip.uncertain"
    reason: str
