import pytest

from common.addresses import client_address


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1:4711", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::1"),
        ("[2001:db8::1]", "2001:db8::1"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("198.51.100.9:1, 192.0.2.1:4711", "192.0.2.1"),
    ],
)
def test_an_address_that_a_proxy_wrote_is_told_from_its_port(rf, settings, written, address):
    settings.TRUSTED_PROXIES = 1

    assert client_address(rf.get("/", headers={"X-Forwarded-For": written})) == address
