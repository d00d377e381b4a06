from portal.carrier_texts import HELP, TROUBLES
from shipments.feeds.carriers.connectors import CONNECTORS
from shipments.feeds.carriers.troubles import CarrierBusy, CredentialsRefused


def test_all_that_is_said_of_carriers_is_marked_for_translation():
    assert {connector.help for connector in CONNECTORS.values()} == set(HELP)
    assert {str(CarrierBusy(None)), str(CredentialsRefused())} <= set(TROUBLES)
