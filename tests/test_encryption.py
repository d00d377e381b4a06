import pytest

from common.encryption import Undecryptable, decrypt, encrypt


def test_what_is_stored_hides_the_text_and_gives_it_back():
    stored = encrypt("a secret of the shop")
    assert "secret" not in stored
    assert encrypt("a secret of the shop") != stored
    assert decrypt(stored) == "a secret of the shop"


def test_an_older_key_still_decrypts_and_a_lost_one_does_not(settings):
    settings.ENCRYPTION_KEYS = ["the old one"]
    stored = encrypt("text")
    settings.ENCRYPTION_KEYS = ["the new one", "the old one"]
    assert decrypt(stored) == "text"
    settings.ENCRYPTION_KEYS = ["the new one"]
    with pytest.raises(Undecryptable, match="ENCRYPTION_KEYS"):
        decrypt(stored)


def test_what_was_tampered_with_is_not_decrypted():
    with pytest.raises(Undecryptable):
        decrypt(encrypt("text")[:-4] + "AAA=")
