import pytest

pytestmark = pytest.mark.django_db


def test_the_chosen_colours_are_there_from_the_first_byte(client):
    response = client.post(
        "/theme", {"theme": "dark"}, headers={"Referer": "http://testserver/login"}
    )

    assert response.headers["Location"] == "http://testserver/login"
    assert '<html lang="en" data-theme="dark">' in client.get("/login").content.decode()


@pytest.mark.parametrize("nonsense", ["", "pink", '"><script>'])
def test_colours_that_do_not_exist_are_not_kept(client, nonsense):
    response = client.post(
        "/theme", {"theme": nonsense}, headers={"Referer": "https://evil.example/"}
    )

    assert response.headers["Location"] == "/"
    assert "theme" not in response.cookies
