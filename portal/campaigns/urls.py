from django.urls import path

from portal.campaigns.discounts import discount_list, edit_discount, new_discount, remove_discount
from portal.campaigns.editor import edit_campaign, new_campaign, preview_campaign
from portal.campaigns.pages import campaign_list, campaign_page, remove_campaign, switch_campaign
from portal.campaigns.why import why_campaign

ROOT = "shops/<slug:slug>/campaigns"
ONE = f"{ROOT}/<uuid:campaign_id>"
DISCOUNTS = "shops/<slug:slug>/discounts"

urlpatterns = [
    path(ROOT, campaign_list, name="campaigns"),
    path(f"{ROOT}/new", new_campaign, name="new_campaign"),
    path(f"{ROOT}/preview", preview_campaign, name="preview_campaign"),
    path(f"{ROOT}/why", why_campaign, name="why_campaign"),
    path(ONE, campaign_page, name="campaign"),
    path(f"{ONE}/edit", edit_campaign, name="edit_campaign"),
    path(f"{ONE}/switch", switch_campaign, name="switch_campaign"),
    path(f"{ONE}/delete", remove_campaign, name="remove_campaign"),
    path(DISCOUNTS, discount_list, name="discounts"),
    path(f"{DISCOUNTS}/new", new_discount, name="new_discount"),
    path(f"{DISCOUNTS}/<uuid:discount_id>", edit_discount, name="discount"),
    path(f"{DISCOUNTS}/<uuid:discount_id>/delete", remove_discount, name="remove_discount"),
]
