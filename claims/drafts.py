"""Claims that customers are about to file: begun, answered step by step, filed once."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from claims.answers import Answers, chosen_items, is_partial
from claims.errors import ClaimNotFound, FlowNotOffered, PhotoRefused
from claims.filing import Filing, file_claim
from claims.flows import Offer, Step, offered_flows
from claims.images import Picture
from claims.models import Claim, ClaimDraft, ClaimPhoto, Flow, PhotoKind
from orders.lookup import lock_order
from orders.models import Order, OrderLine, ProductRow
from shipments.models import Shipment, ShipmentLine
from shipments.selectors import shipments_by_order
from shops.models import Shop

MOST_PHOTOS = 8
KEPT_FOR = timedelta(days=7)
FORGOTTEN_AT_ONCE = 500


def offer_of(shop: Shop, order: Order, flow: Flow) -> Offer:
    """Raises `FlowNotOffered`."""
    shipments = shipments_by_order(shop, [order.id])[order.id]
    for offer in offered_flows(shop, order, shipments, at=timezone.now()):
        if offer.plan.flow == flow:
            return offer
    raise FlowNotOffered(_("This cannot be reported for this order now."))


@transaction.atomic
def begin_draft(
    shop: Shop, order: Order, flow: Flow, *, shipment_id: UUID | None = None
) -> ClaimDraft:
    """A new one, or the one of this flow that was begun and not filed. Raises `FlowNotOffered`."""
    offer = offer_of(shop, order, flow)
    lock_order(shop, order.id)
    offered = {one.id for one in offer.shipments}
    begun = ClaimDraft.objects.of(shop).filter(order_id=order.id, flow=flow, claim=None)
    draft = begun.filter(updated_at__gte=timezone.now() - KEPT_FOR).order_by("-id").first()
    if draft is None:
        draft = ClaimDraft(shop=shop, order=order, flow=flow)
    if shipment_id in offered:
        _choose_parcel(draft, shipment_id)
    elif len(offered) == 1:
        _choose_parcel(draft, next(iter(offered)))
    elif draft.shipment_id not in offered:
        _choose_parcel(draft, None)
    draft.updated_at = timezone.now()
    draft.save()
    return draft


def find_draft(shop: Shop, order: Order, draft_id: UUID) -> ClaimDraft:
    found = ClaimDraft.objects.of(shop).filter(order_id=order.id, id=draft_id).first()
    if found is None:
        raise ClaimNotFound(f"There is no draft {draft_id} of this order.")
    found.shop, found.order = shop, order
    return found


def answers_of(draft: ClaimDraft, *, several_parcels: bool) -> Answers:
    photos = list(ClaimPhoto.objects.of(draft.shop).filter(draft_id=draft.id).order_by("id"))
    return Answers(draft=draft, photos=photos, several_parcels=several_parcels)


def lines_of(draft: ClaimDraft) -> list[ProductRow]:
    """What is in the parcel that the draft is about."""
    shop = draft.shop
    if draft.shipment_id is None:
        return []
    shipment = Shipment.objects.of(shop).filter(id=draft.shipment_id).first()
    if shipment is None:
        return []
    if shipment.has_own_lines:
        own = ShipmentLine.objects.of(shop).filter(shipment_id=shipment.id)
        return list(own.order_by("position"))
    return list(OrderLine.objects.of(shop).filter(order_id=draft.order_id).order_by("position"))


@transaction.atomic
def answer_step(draft: ClaimDraft, step: Step, said: Any) -> ClaimDraft:
    """Keep what was said; another parcel makes the answer about its products void."""
    draft = _locked(draft)
    if step == Step.PARCEL:
        _choose_parcel(draft, UUID(said))
    else:
        draft.answers[step] = said
    draft.updated_at = timezone.now()
    draft.save()
    return draft


def add_photo(
    draft: ClaimDraft,
    picture: Picture,
    *,
    name: str = "",
    kind: PhotoKind = PhotoKind.PHOTO,
    is_optional: bool = False,
) -> ClaimPhoto:
    """The same picture twice is one. Raises `PhotoRefused` where there are enough.

    The file is stored before the row, outside the transaction: storage may be far away.
    """
    photo = ClaimPhoto(
        shop=draft.shop,
        draft=draft,
        kind=kind,
        is_optional=is_optional,
        name=name.replace("\x00", "")[-255:],
        width=picture.width,
        height=picture.height,
        size=len(picture.content),
        digest=picture.digest,
    )
    photo.file.save("photo.jpg", ContentFile(picture.content), save=False)
    try:
        kept = _keep(draft, photo)
    except PhotoRefused:
        photo.file.delete(save=False)
        raise
    if kept is not photo:
        photo.file.delete(save=False)
    return kept


@transaction.atomic
def _keep(draft: ClaimDraft, photo: ClaimPhoto) -> ClaimPhoto:
    draft = _locked(draft)
    photos = ClaimPhoto.objects.of(draft.shop).filter(draft_id=draft.id, kind=photo.kind)
    same = photos.filter(digest=photo.digest).first()
    if same is not None:
        return same
    if photo.kind == PhotoKind.PHOTO and photos.count() >= MOST_PHOTOS:
        raise PhotoRefused(_("At most %d photos can be sent.") % MOST_PHOTOS)
    photo.save(force_insert=True)
    return photo


def remove_photo(draft: ClaimDraft, photo_id: UUID) -> None:
    with transaction.atomic():
        draft = _locked(draft)
        photos = ClaimPhoto.objects.of(draft.shop).filter(draft_id=draft.id, claim=None)
        photo = photos.filter(id=photo_id).first()
        if photo is None:
            return
        photo.delete()
    photo.file.delete(save=False)


@transaction.atomic
def file_draft(draft: ClaimDraft) -> Claim:
    """The claim it becomes; asked again, the same one. Raises `FlowNotOffered` where it makes no
    sense any more, or something is still to be answered.
    """
    lock_order(draft.shop, draft.order_id)  # before the draft, as whoever begins one does
    draft = _locked(draft, is_open=False)
    if draft.claim_id is not None:
        return Claim.objects.of(draft.shop).get(id=draft.claim_id)
    order, flow = draft.order, Flow(draft.flow)
    offer = offer_of(draft.shop, order, flow)
    shipment = next((one for one in offer.shipments if one.id == draft.shipment_id), None)
    answers = answers_of(draft, several_parcels=len(offer.shipments) > 1)
    if shipment is None or answers.next_step != Step.CHECK:
        raise FlowNotOffered(_("Something is still to be answered."))
    filed = file_claim(draft.shop, shipment, _filing(answers, lines_of(draft)))
    draft.claim = filed.claim
    draft.updated_at = timezone.now()
    draft.save(update_fields=["claim", "updated_at"])
    return filed.claim


def forget_drafts() -> int:
    """Delete what was begun and not filed, with its photos, in every shop; how many drafts.

    The files go after the commit, so that no photo is ever without its file.
    """
    before = timezone.now() - KEPT_FOR
    old = ClaimDraft.objects.filter(claim=None, updated_at__lt=before)
    ids = list(old.values_list("id", flat=True)[:FORGOTTEN_AT_ONCE])
    with transaction.atomic():
        locked = ClaimDraft.objects.select_for_update(skip_locked=True)
        drafts = locked.filter(id__in=ids, claim=None, updated_at__lt=before)
        ids = list(drafts.values_list("id", flat=True))
        photos = ClaimPhoto.objects.filter(draft_id__in=ids, claim=None)
        files = list(photos.values_list("file", flat=True))
        photos.delete()
        ClaimDraft.objects.filter(id__in=ids).delete()
    for name in files:
        default_storage.delete(name)
    return len(ids)


def _filing(answers: Answers, lines: list[ProductRow]) -> Filing:
    plan, draft = answers.plan, answers.draft
    items: dict[str, int] = answers.said(Step.ITEMS) or {}
    chosen = chosen_items(items, lines)
    signature = answers.signature
    photos = [*answers.pictures, *([signature] if signature else [])]
    dropoff = answers.said(Step.DROPOFF)
    return Filing(
        reason=plan.reason_for(is_partial=bool(chosen) and is_partial(items, lines)),
        resolution_preference=answers.said(Step.PREFERENCE) or "",
        description=answers.said(Step.DESCRIPTION) or "",
        selected_items=[_item(line, quantity) for line, quantity in chosen],
        dropoff_permission=None if dropoff is None else dropoff == "yes",
        flow=draft.flow,
        issue=answers.said(Step.ISSUE) or "",
        signed_by=answers.said(Step.SIGNATURE) or "",
        photo_ids=[photo.id for photo in photos],
    )


def _item(line: ProductRow, quantity: int) -> dict[str, Any]:
    sources = [str(image.get("src") or "") for image in line.images]
    return {
        "sku": line.sku or None,
        "title": line.title or None,
        "quantity": quantity,
        "net_price": float(line.price) if line.price is not None else None,
        "image_urls": [source for source in sources if source],
    }


def _choose_parcel(draft: ClaimDraft, shipment_id: UUID | None) -> None:
    if draft.shipment_id != shipment_id:
        draft.answers.pop(Step.ITEMS, None)
    draft.shipment_id = shipment_id


def _locked(draft: ClaimDraft, *, is_open: bool = True) -> ClaimDraft:
    found = ClaimDraft.objects.of(draft.shop).select_for_update().filter(id=draft.id).first()
    if found is None or (is_open and found.claim_id is not None):
        raise FlowNotOffered(_("This was sent already."))
    found.shop, found.order = draft.shop, draft.order
    return found
