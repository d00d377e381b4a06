"""Where webhooks may go: when one is saved, and when a connection is made."""

from ipaddress import ip_address, ip_network

import pytest

from webhooks.addresses import check_url, may_be_reached
from webhooks.errors import AddressRefused


@pytest.mark.parametrize(
    "url",
    [
        "https://8.8.8.8/hook",
        "https://8.8.8.8:8443/hook?key=1",
        "https://[2606:4700:4700::1111]/hook",
        "https://no-such-name.invalid/hook",
    ],
)
def test_public_addresses_and_names_nobody_knows_yet_are_taken(url):
    assert check_url(url) == url


@pytest.mark.parametrize(
    "url",
    [
        "http://8.8.8.8/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0177.0.0.1/",
        "https://0x7f.0.0.1/",
        "https://0x7f000001/",
        "https://017700000001/",
        "https://0/",
        "https://0.0.0.0/",
        "https://localhost/",
        "https://localhost./",
        "https://LOCALHOST/",
        "https://10.0.0.1/",
        "https://172.16.0.1/",
        "https://192.168.1.1/",
        "https://100.64.0.1/",
        "https://100.100.100.200/",
        "https://169.254.169.254/latest/meta-data/",
        "https://168.63.129.16/",
        "https://192.0.2.1/",
        "https://198.18.0.1/",
        "https://224.0.0.1/",
        "https://240.0.0.1/",
        "https://255.255.255.255/",
        "https://[::1]/",
        "https://[::]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[::127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[64:ff9b:1::1]/",
        "https://[2002:7f00:1::]/",
        "https://[2001:0:7f00:1::]/",
        "https://[fe80::1]/",
        "https://[fe80::1%25eth0]/",
        "https://[fc00::1]/",
        "https://[fd00:ec2::254]/",
        "https://[fec0::1]/",
        "https://[ff02::1]/",
        "https://[2001:db8::1]/",
        "https://user@8.8.8.8/",
        "https://user:password@8.8.8.8/",
        "https://:password@8.8.8.8/",
        "https:///hook",
        "https://",
        "https://8.8.8.8:0/",
        "https://8.8.8.8:99999/",
        "https://8.8.8.8:x/",
        "ftp://8.8.8.8/",
        "file:///etc/passwd",
        "gopher://8.8.8.8/",
        "javascript:alert(1)",
        "//8.8.8.8/",
        "8.8.8.8",
        "",
        "https://8.8.8.8/a b",
        "https://8.8.8.8\\@127.0.0.1/",
        "https://8.8.8.8/\r\nX: y",
        "https://①②⑦.⓪.⓪.①/",
        "https://１２７.0.0.1/",
        "https://127。0。0。1/",
    ],
)
def test_what_webhooks_may_not_call(url):
    with pytest.raises(AddressRefused) as refusal:
        check_url(url)
    assert refusal.value.faults[0].loc == ("url",)


def test_the_operator_may_allow_networks_also_without_tls(settings):
    settings.WEBHOOK_ALLOWED_NETWORKS = [ip_network("127.0.0.0/8"), ip_network("::1/128")]

    assert check_url("http://127.0.0.1:8080/hook") == "http://127.0.0.1:8080/hook"
    assert check_url("https://127.0.0.1/hook")
    for url in ("http://10.0.0.1/", "https://10.0.0.1/", "http://8.8.8.8/"):
        with pytest.raises(AddressRefused):
            check_url(url)


@pytest.mark.parametrize(
    ("address", "scheme", "may"),
    [
        ("8.8.8.8", "https", True),
        ("8.8.8.8", "http", False),
        ("::ffff:8.8.8.8", "https", True),
        ("::ffff:127.0.0.1", "https", False),
        ("64:ff9b::808:808", "https", True),
        ("64:ff9b::a9fe:a9fe", "https", False),
        ("169.254.169.254", "https", False),
        ("fe80::1%eth0", "https", False),
    ],
)
def test_each_address_a_connection_is_made_to_is_looked_at(address, scheme, may):
    assert may_be_reached(ip_address(address), scheme=scheme) is may
