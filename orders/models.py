"""Orders and their lines."""

from decimal import Decimal
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, GeneratedField, Q, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, Concat, Lower, Right, Upper

from common.json_decoder import FreeFormDecoder
from orders.states import ALLOWED_MOVES, OrderState
from shops.foreign_key import ForeignKeyInShop
from shops.tenancy import DatedShopRow, ShopQuerySet, ShopRow

MAX_EXPECTED_SHIPMENTS = 100


def money_field(verbose_name: str) -> models.DecimalField:  # type: ignore[type-arg]
    """An exact amount in the order's currency; NULL when the shop did not say."""
    return models.DecimalField(verbose_name, max_digits=18, decimal_places=4, null=True, blank=True)


def gram_field(verbose_name: str) -> models.DecimalField:  # type: ignore[type-arg]
    return models.DecimalField(
        verbose_name, max_digits=18, decimal_places=4, null=True, blank=True, help_text="In grams."
    )


class OrderQuerySet(ShopQuerySet["Order"]):
    def real(self) -> Self:
        """Without those of test parcels: what every number counts."""
        return self.filter(is_test=False)

    def newest_first(self) -> Self:
        return self.order_by("-order_placed_at", "-id")

    def matching(self, words: str) -> Self:
        """Orders that hold every word in their number, name, e-mail, recipient or ZIP code."""
        found = self
        for word in words.split():
            lowered = Lower(Value(word, models.TextField()))  # by PostgreSQL, as `search_text` is
            found = found.filter(search_text__contains=lowered)
        return found


class Order(DatedShopRow):
    """A purchase. Its state follows from its shipments; `orders.services` writes both together."""

    order_number = models.CharField(max_length=255)
    order_name = models.CharField(max_length=255, blank=True, default="", db_default="")
    external_id = models.CharField(max_length=255)
    state = models.CharField(
        max_length=20,
        choices=OrderState.choices,
        default=OrderState.PLACED,
        db_default=OrderState.PLACED,
        editable=False,
    )
    order_placed_at = models.DateTimeField("placed at")
    cancelled_at = models.DateTimeField(null=True, editable=False)

    currency = models.CharField(max_length=3)
    total_order_price = money_field("total")
    shipping_price = money_field("shipping")
    sub_total_price = money_field("subtotal")
    discount_price = money_field("discount")
    discounts = models.JSONField(default=list, blank=True)
    weight = gram_field("weight")

    email_id = models.CharField("e-mail", max_length=320, blank=True, default="", db_default="")
    external_customer_id = models.CharField(max_length=255, blank=True, default="", db_default="")
    address = models.JSONField()
    segments = ArrayField(models.CharField(max_length=255), default=list, blank=True)
    order_status_url = models.CharField(max_length=2000, blank=True, default="", db_default="")
    preferred_delivery_date = models.JSONField(null=True, blank=True)
    user_agent = models.JSONField(null=True, blank=True)
    order_analytics = models.JSONField(default=dict, blank=True, decoder=FreeFormDecoder)
    expected_number_of_shipments = models.PositiveSmallIntegerField(
        "expected shipments",
        default=1,
        db_default=1,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_EXPECTED_SHIPMENTS)],
    )
    is_test = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="The order of a test parcel: no number counts it.",
    )
    erased_at = models.DateTimeField(
        null=True,
        editable=False,
        help_text="Since then it is nobody's (docs/privacy.md); a shop may name its customer anew.",
    )
    last_upsert_digest = models.CharField(max_length=32, db_default="", editable=False)
    """Of the last upsert that changed the order; emptied by every other change of it."""

    zip_code = GeneratedField(
        expression=Coalesce(KT("address__zip_code"), Value("", models.TextField())),
        output_field=models.TextField(),
        db_persist=True,
    )
    search_text = GeneratedField(
        expression=Lower(
            Concat(
                *(
                    part
                    for name in ("order_number", "order_name", "email_id")
                    for part in (Cast(name, models.TextField()), Value(" ", models.TextField()))
                ),
                KT("address__name"),
                Value(" ", models.TextField()),
                KT("address__zip_code"),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = OrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shop", "order_number"], name="order_number_in_shop"),
            models.UniqueConstraint(
                fields=["shop", "external_id"], name="order_external_id_in_shop"
            ),
            models.CheckConstraint(
                condition=Q(expected_number_of_shipments__gte=1)
                & Q(expected_number_of_shipments__lte=MAX_EXPECTED_SHIPMENTS),
                name="order_expects_1_to_100_shipments",
            ),
            models.CheckConstraint(
                condition=Q(state=OrderState.CANCELLED, cancelled_at__isnull=False)
                | (~Q(state=OrderState.CANCELLED) & Q(cancelled_at=None)),
                name="order_cancelled_at_when_cancelled",
            ),
        ]
        indexes = [
            models.Index("shop", F("order_placed_at").desc(), F("id").desc(), name="order_newest"),
            models.Index(
                "shop", "state", F("order_placed_at").desc(), F("id").desc(), name="order_by_state"
            ),
            models.Index(fields=["shop", "order_name"], name="order_by_name"),
            models.Index("shop", Upper("email_id"), name="order_by_email"),
            models.Index(
                *("shop", "zip_code", F("order_placed_at").desc(), F("id").desc()),
                name="order_newest_by_zip_code",
            ),
            models.Index(
                F("shop"),
                Upper(KT("address__country_code")),
                F("order_placed_at").desc(),
                F("id").desc(),
                name="order_by_country",
            ),
            models.Index(
                F("shop"),
                Right(
                    Func(
                        *(KT("address__phone"), Value(r"\D"), Value(""), Value("g")),
                        function="regexp_replace",
                        output_field=models.TextField(),
                    ),
                    7,
                ),
                F("order_placed_at").desc(),
                F("id").desc(),
                condition=Q(email_id=""),
                name="order_by_phone",
            ),
            GinIndex(
                *(F("shop"), OpClass(F("search_text"), name="gin_trgm_ops"), F("segments")),
                name="order_by_text_or_segment",
                gin_pending_list_limit=64,  # KB: see migration 0006
            ),
        ]

    def __str__(self) -> str:
        return self.order_number

    @property
    def further_name(self) -> str:
        """What it is called besides its number: nothing where that is the number again, as #7."""
        is_number = self.order_name.removeprefix("#").strip() == self.order_number.removeprefix("#")
        return "" if is_number else self.order_name

    @property
    def discount_taken(self) -> Decimal | None:
        """As it counts in the total; some shops send it with a minus, most without."""
        price: Decimal | None = self.discount_price
        return price and -abs(price)

    @property
    def is_cancelled(self) -> bool:
        return self.state == OrderState.CANCELLED

    def may_move_to(self, state: OrderState) -> bool:
        return state == self.state or state in ALLOWED_MOVES[OrderState(self.state)]


class ProductRow(ShopRow):
    """A product with its quantity, as the shop sent it: a line of an order or of a shipment."""

    class Type(models.TextChoices):
        PRODUCT = "product", "Product"
        BUNDLE = "bundle", "Bundle"

    position = models.PositiveSmallIntegerField(
        default=0, help_text="Its place in the list, from 0."
    )
    product_id = models.CharField(max_length=255, blank=True, default="", db_default="")
    variant_id = models.CharField(max_length=255, blank=True, default="", db_default="")
    sku = models.CharField("SKU", max_length=255, blank=True, default="", db_default="")
    title = models.CharField(max_length=2000, blank=True, default="", db_default="")
    quantity = models.PositiveIntegerField(default=1)
    price = money_field("price")
    size = models.CharField(max_length=255, blank=True, default="", db_default="")
    weight = gram_field("weight")
    images = models.JSONField(default=list, blank=True)
    tax_lines = models.JSONField(default=list, blank=True)
    bundled_products = models.JSONField(default=list, blank=True)
    type = models.CharField(max_length=8, choices=Type.choices, default=Type.PRODUCT)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title or self.sku or self.product_id}"


class OrderLine(ProductRow):
    order = ForeignKeyInShop(Order, on_delete=models.CASCADE, related_name="lines")

    objects = ShopQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        indexes = [
            models.Index(fields=["shop", "order"], name="line_of_order"),
            # By how it starts, whatever the case; of each SKU the newest first.
            models.Index(
                F("shop"),
                OpClass(Upper("sku"), name="text_pattern_ops"),
                F("id").desc(),
                name="line_by_sku",
                condition=~Q(sku=""),
            ),
        ]
