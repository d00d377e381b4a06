import pytest
from django.utils import translation
from pydantic import ValidationError

from common.fault_words import fault_words
from orders.inputs import AddressInput, OrderInput
from tests.documented_order import documented_order


def fault_of(model, said):
    with pytest.raises(ValidationError) as raised:
        model.model_validate(said)
    return raised.value.errors()[0]


@pytest.mark.parametrize(
    ("field", "value", "english", "german"),
    [
        (
            "currency",
            "EURO",
            "must be a currency code of ISO 4217: three letters, such as EUR",
            "muss ein Währungscode nach ISO 4217 sein: drei Buchstaben, etwa EUR",
        ),
        (
            "order_number",
            "x" * 256,
            "must have at most 255 characters",
            "darf höchstens 255 Zeichen haben",
        ),
        (
            "products",
            [{"quantity": 2_000_000}],
            "must be 1,000,000 or less",
            "darf höchstens 1.000.000 sein",
        ),
    ],
)
def test_a_fault_is_said_in_the_language_of_the_page(field, value, english, german):
    fault = fault_of(OrderInput, documented_order(**{"order_number": "1", field: value}))

    said = {}
    for language in ("en", "de"):
        with translation.override(language):
            said[language] = fault_words(fault)

    assert said == {"en": english, "de": german}


def test_what_is_missing_is_said_in_german():
    fault = fault_of(AddressInput, {})

    with translation.override("de"):
        assert fault_words(fault) == "muss angegeben werden"
