"""A database that only the product has written to: the doctor has nothing to say of it, and neither
writes to it nor locks its rows."""

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from analytics.refresh import refresh
from doctor.checks.catalogue import OF_INSTALLATION, OF_SHOPS
from doctor.examination import examine
from doctor.report import as_text
from shops.models import Shop


@pytest.mark.django_db
def test_nothing_is_wrong_with_seeded_shops() -> None:
    call_command("seed", orders=300, shops=3, days=60, verbosity=0)
    for shop in Shop.objects.all():
        refresh(shop)

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL transaction_read_only = on")
        findings = list(examine(list(Shop.objects.all()), OF_SHOPS, OF_INSTALLATION, pause=0))
        transaction.set_rollback(True)  # nothing is left of it but what was found

    # Tests run a database that is not durable.
    said = "\n".join(as_text([f for f in findings if f.check.name != "database-settings"]))
    assert said == ""
