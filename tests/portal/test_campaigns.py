"""The portal's rooms of campaigns, as members see and use them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.choice import Variant, variant_of
from campaigns.models import Campaign, Discount
from engagement.actions import record_action
from engagement.models import ActionKind, PageAction
from orders.models import Order
from shops.models import Role
from tests.factories import make_campaign, make_discount, make_shop, place
from tests.portal.pages import member_client, text_of

pytestmark = pytest.mark.django_db

ZONE = ZoneInfo("Europe/Berlin")


@pytest.fixture
def shop():
    return make_shop(timezone=ZONE.key)


@pytest.fixture
def editor(shop):
    return member_client(shop, Role.EDITOR)


def url(name, shop, **arguments):
    return reverse(f"portal:{name}", kwargs={"slug": shop.slug, **arguments})


def said(**changes):
    return {
        "name": "Spring sale",
        "promotion_type": "basic",
        "segment": "vip",
        "starts_at": "2026-03-01T00:00",
        "ends_at": "2126-04-01T00:00",
        "priority": "3",
        "holdout_percent": "10",
        "is_enabled": "on",
        "a-en-title": "Spring is here",
        "a-en-cta_label": "Look",
        "a-en-cta_url": "https://shop.example/spring",
        "a-de-title": "Der Frühling ist da",
        **changes,
    }


def test_what_the_editor_says_is_saved_in_the_shops_time_zone(shop, editor):
    discount = make_discount(shop)

    response = editor.post(
        url("new_campaign", shop), said(discount=str(discount.id), **{"b-en-title": "B"})
    )

    campaign = Campaign.objects.of(shop).get()
    assert response.headers["Location"] == url("campaign", shop, campaign_id=campaign.id)
    assert campaign.starts_at == datetime(2026, 2, 28, 23, tzinfo=UTC)
    assert campaign.ends_at == datetime(2126, 3, 31, 22, tzinfo=UTC)
    assert (campaign.code, campaign.segment, campaign.priority) == ("spring-sale", "vip", 3)
    assert (campaign.holdout_percent, campaign.discount_id) == (10, discount.id)
    assert campaign.promotion_properties == {
        "title": "Spring is here",
        "cta_label": "Look",
        "cta_url": "https://shop.example/spring",
        "translations": {"de": {"title": "Der Frühling ist da"}},
    }
    assert campaign.alternative_properties == {"title": "B"}


def test_saving_what_is_shown_changes_nothing_not_even_what_is_not_shown(shop, editor):
    properties = {
        "title": "Hello",
        "cta_url": "https://a.example",
        "translations": {"de": {"title": "Hallo"}, "fr": {"title": "Salut"}},
        "products": [{"title": "Scarf", "sku": "S1", "price": 19.9, "currency": "CHF"}],
    }
    campaign = make_campaign(
        shop,
        promotion_type="product",
        promotion_properties=properties,
        alternative_properties={"title": "B", "translations": {"fr": {"title": "B en français"}}},
        holdout_percent=5,
    )
    path = url("edit_campaign", shop, campaign_id=campaign.id)

    form = editor.get(path).context["draft"]
    posted = {
        field.html_name: value
        for one in form._forms()
        for field in one
        if (value := field.value()) is not None and value is not False
    }
    posted = {
        name: value.strftime("%Y-%m-%dT%H:%M") if isinstance(value, datetime) else str(value)
        for name, value in posted.items()
    }
    posted["starts_at"] = timezone.localtime(campaign.starts_at, ZONE).strftime("%Y-%m-%dT%H:%M")
    answer = editor.post(path, posted)
    assert answer.status_code == 302, [one.errors for one in answer.context["draft"]._forms()]

    after = Campaign.objects.get()
    for column in (
        *("name", "code", "segment", "starts_at", "ends_at", "is_enabled", "holdout_percent"),
        *("promotion_type", "promotion_properties", "alternative_properties"),
    ):
        assert getattr(after, column) == getattr(campaign, column)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"name": ""}, "This field is required."),
        ({"a-en-title": ""}, "A campaign needs a title."),
        ({"a-en-cta_url": "javascript:alert(1)"}, "Enter a web address"),
        ({"a-de-image_url": "//evil.example/x.png"}, "Enter a web address"),
        ({"product-0-url": "ftp://x.example"}, "Enter a web address"),
        ({"ends_at": "2026-02-01T00:00"}, "It must end after it starts."),
        ({"holdout_percent": "51"}, "less than or equal to 50"),
        ({"code": "With Blanks"}, "such as spring-sale."),
        ({"discount": "00000000-0000-7000-8000-000000000000"}, "Select a valid choice."),
        ({"segment": "taken"}, "is enabled for the segment “taken” already"),
        ({"code": "taken"}, "has the code taken"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(shop, editor, changes, complaint):
    make_campaign(shop, name="Other", segment="taken", code="taken")

    response = editor.post(url("new_campaign", shop), said(**changes))

    page = text_of(response)
    assert complaint in page
    assert "Not saved" in page
    assert 'value="Der Frühling ist da"' in response.content.decode()
    assert Campaign.objects.count() == 1


def test_the_preview_shows_the_draft_in_any_language_and_variant_and_saves_nothing(shop, editor):
    draft = said(**{"b-en-title": "Now with B", "b-de-title": "Jetzt mit B"})
    shown = {}

    for language in ("en", "de"):
        for variant in ("a", "b"):
            seen = {"preview_language": language, "preview_variant": variant}
            answer = editor.post(url("preview_campaign", shop), draft | seen)
            shown[language, variant] = text_of(answer)
    without_script = text_of(editor.post(url("new_campaign", shop), draft | {"preview": "1"}))
    empty = text_of(editor.post(url("preview_campaign", shop), {}))

    assert "Spring is here" in shown["en", "a"]
    assert "Der Frühling ist da" in shown["de", "a"]
    assert "Now with B" in shown["en", "b"]
    assert "Jetzt mit B" in shown["de", "b"]
    assert "As customers see it" in without_script
    assert without_script.count("Spring is here") >= 1
    assert "it needs a title" in empty
    assert not Campaign.objects.exists()


def test_a_preview_shows_what_is_right_of_a_draft_that_is_not(shop, editor):
    draft = said(name="", **{"a-en-cta_url": "javascript:alert(1)", "a-en-title": "<b>Hi</b>"})

    page = editor.post(url("preview_campaign", shop), draft).content.decode()

    assert "&lt;b&gt;Hi&lt;/b&gt;" in page
    assert "javascript:" not in page


def show(order, campaign, variant, *, days_ago=40):
    record_action(
        order.shop,
        order,
        kind=ActionKind.SHOWN,
        element="campaign",
        campaign_id=campaign.id,
        variant=variant,
    )
    at = timezone.now() - timedelta(days=days_ago)
    PageAction.objects.filter(order=order).update(first_at=at)


def test_the_list_says_status_schedule_and_what_came_of_it(shop):
    campaign = make_campaign(shop, name="Spring", segment="vip", is_paused=True, code="spring")
    orders = [place(shop) for _ in range(4)]
    for order in orders:
        show(order, campaign, "a")
    record_action(shop, orders[0], kind=ActionKind.CLICKED, campaign_id=campaign.id)
    place(shop, total_order_price=30, order_analytics={"utm_campaign": "spring"})

    viewer = member_client(shop)
    page = text_of(viewer.get(url("campaigns", shop)))
    others = text_of(viewer.get(url("campaigns", shop), {"status": "active"}))

    for word in ("Spring", "Paused", "vip", "From 1 Jan 2020", "25.0 %", "€30.00"):
        assert word in page
    assert "New campaign" not in page
    assert "No campaign has this status" in others


def test_the_list_costs_as_much_for_many_as_for_one(shop, editor, django_assert_max_num_queries):
    for number in range(6):
        make_campaign(shop, segment=str(number), discount_id=make_discount(shop).id)
    editor.get(url("campaigns", shop))

    with django_assert_max_num_queries(9):
        editor.get(url("campaigns", shop))


def test_a_shop_without_campaigns_is_told_what_they_are(shop, editor):
    assert "No campaigns yet" in text_of(editor.get(url("campaigns", shop)))
    assert "No discounts yet" in text_of(editor.get(url("discounts", shop)))


def test_the_page_says_too_few_where_there_are_and_what_is_left_out(shop, editor):
    campaign = make_campaign(shop, holdout_percent=10)
    show(place(shop, email_id="a@x.example"), campaign, "a")
    show(place(shop, email_id=""), campaign, "a")
    show(place(shop, email_id="n@x.example"), campaign, "holdout", days_ago=1)

    page = text_of(editor.get(url("campaign", shop, campaign_id=campaign.id)))

    assert "Too few to say: it takes at least 30 customers in each group" in page
    assert "1 customer has days left." in page
    assert "1 order is left out for want of an e-mail address." in page


def test_the_page_tells_the_effect_with_its_interval(shop, editor):
    campaign = make_campaign(shop, holdout_percent=50)
    counts = {"a": (40, 30), "holdout": (40, 4)}
    then = timezone.now() - timedelta(days=20)
    for variant, (customers, again) in counts.items():
        for number in range(customers):
            email = f"{variant}-{number}@x.example"
            show(place(shop, email_id=email), campaign, variant)
            if number < again:
                place(shop, email_id=email, order_placed_at=then.isoformat())

    path = url("campaign", shop, campaign_id=campaign.id)
    page = editor.get(path)
    quick = text_of(editor.get(path, {"days": "7"}))

    text = text_of(page)
    assert "Of those who saw it 75.0 % bought again within 30 days" in text
    assert "of those held out 10.0 %: +65.0 points (95 % interval: +45." in text
    assert "<svg" in page.content.decode()
    assert "Of those who saw it 0.0 % bought again within 7 days" in quick
    assert "The difference may be chance." in quick


def test_without_a_hold_out_the_page_says_what_is_missing(shop, editor):
    campaign = make_campaign(shop)

    page = text_of(editor.get(url("campaign", shop, campaign_id=campaign.id)))

    assert "hold some out" in page


def test_switches_pause_resume_disable_and_refuse_what_cannot_be(shop, editor):
    campaign = make_campaign(shop, segment="vip")
    path = url("switch_campaign", shop, campaign_id=campaign.id)

    def after(switch):
        editor.post(path, {"switch": switch})
        return Campaign.objects.get(id=campaign.id).status(timezone.now()).value

    assert [after(one) for one in ("pause", "resume", "nonsense", "disable")] == [
        "paused",
        "active",
        "active",
        "inactive",
    ]
    make_campaign(shop, name="Next", segment="vip")
    refused = editor.post(path, {"switch": "enable"}, follow=True)
    assert "“Next” is enabled for the segment “vip” already" in text_of(refused)


def test_a_campaign_is_deleted_from_its_page(shop, editor):
    campaign = make_campaign(shop)

    editor.post(url("remove_campaign", shop, campaign_id=campaign.id))

    gone = editor.get(url("campaign", shop, campaign_id=campaign.id))
    assert gone.status_code == 404
    assert campaign.name not in text_of(editor.get(url("campaigns", shop)))


def test_why_explains_the_choice_for_an_order_by_any_of_its_names(shop, editor):
    make_campaign(shop, name="For all")
    make_campaign(shop, name="Paused one", segment="a", is_paused=True)
    make_campaign(shop, name="Elsewhere", segment="b")
    make_campaign(shop, name="Chosen", segment="vip", priority=2)
    make_campaign(shop, name="Second", segment="new")
    make_campaign(shop, name="Later", segment="c", starts_at=timezone.now() + timedelta(days=1))
    order = place(shop, segments=["vip", "new"], order_name="#1001")

    for name in (order.order_number, "#1001", order.external_id):
        page = text_of(editor.get(url("why_campaign", shop), {"order": f" {name} "}))
        assert "Shown because the order is in the segment “vip”." in page
        assert "It goes before “Second”, which fits as well: its priority is greater." in page
        for reason in (
            "It is paused.",
            "It has not started yet.",
            "The order is not in its segment, “b”.",
            "A campaign for one of the order’s segments goes before it.",
            "It fits, but another one goes before it.",
        ):
            assert reason in page


def test_why_says_when_there_is_no_such_order_or_no_campaign(shop, editor):
    stranger = place(make_shop())
    order = place(shop, segments=["x"])
    path = url("why_campaign", shop)

    assert "No order is called" in text_of(editor.get(path, {"order": stranger.order_number + "x"}))
    assert "No running campaign fits the order" in text_of(
        editor.get(path, {"order": order.order_number})
    )


def test_an_order_says_which_campaign_brought_it_and_why(shop, editor):
    campaign = make_campaign(shop, name="Spring", code="spring")
    order = place(shop, order_analytics={"utm_campaign": "spring"})
    other = place(shop, order_analytics={"utm_campaign": "else"})

    page = text_of(editor.get(url("order", shop, order_id=order.id)))

    assert "Its analytics name the campaign utm_campaign=spring" in page
    assert (
        f"/campaigns/{campaign.id}"
        in editor.get(url("order", shop, order_id=order.id)).content.decode()
    )
    assert "Repeat purchase" not in text_of(editor.get(url("order", shop, order_id=other.id)))


def test_discounts_are_made_changed_listed_and_deleted(shop, editor):
    fields = {"code": "TEN", "type": "order", "value_type": "percentage", "value": "10"}

    editor.post(url("new_discount", shop), fields)
    discount = Discount.objects.of(shop).get()
    make_campaign(shop, name="Spring", discount_id=discount.id)
    path = url("discount", shop, discount_id=discount.id)
    editor.post(path, {**fields, "value": "15"})
    page = text_of(editor.get(url("discounts", shop)))

    assert "15 % off your next order" in page
    assert "Spring" in page
    assert 'value="15"' in editor.get(path).content.decode()
    editor.post(url("remove_discount", shop, discount_id=discount.id))
    assert not Discount.objects.exists()
    assert Campaign.objects.get().discount_id is None


def test_a_discount_that_cannot_be_is_refused_beside_its_field(shop, editor):
    make_discount(shop, code="ten")
    fields = {"code": "TEN", "type": "order", "value_type": "percentage", "value": "10"}

    taken = text_of(editor.post(url("new_discount", shop), fields))
    too_much = text_of(editor.post(url("new_discount", shop), {**fields, "value": "101"}))

    assert "has the code TEN" in taken
    assert "A percentage is at most 100." in too_much
    assert Discount.objects.count() == 1


def test_another_shops_campaigns_are_not_found_in_ones_own(shop, editor):
    other = make_shop()
    campaign, discount = make_campaign(other), make_discount(other)

    for name in ("campaign", "edit_campaign"):
        assert editor.get(url(name, shop, campaign_id=campaign.id)).status_code == 404
    assert editor.get(url("discount", shop, discount_id=discount.id)).status_code == 404
    assert editor.post(url("remove_campaign", shop, campaign_id=campaign.id)).status_code == 404


def test_the_variant_of_an_order_is_the_one_that_why_names(shop, editor):
    campaign = make_campaign(shop, holdout_percent=50)
    held_out = next(
        order
        for order in (place(shop) for _ in range(60))
        if variant_of(campaign, order.id) is Variant.HOLDOUT
    )

    page = text_of(editor.get(url("why_campaign", shop), {"order": held_out.order_number}))

    assert "one of the 50 % that are held out" in page
    assert Order.objects.of(shop).count() <= 60
