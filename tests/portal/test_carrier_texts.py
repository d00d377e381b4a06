from portal.carrier_texts import CREDENTIALS, HELP
from shipments.feeds.carriers.connectors import CONNECTORS


def test_all_that_is_said_of_carriers_is_marked_for_translation():
    assert {connector.help for connector in CONNECTORS.values()} == set(HELP)
    fields = [field for connector in CONNECTORS.values() for field in connector.fields]
    assert {field.label for field in fields} == set(CREDENTIALS)
