from django.contrib.auth.views import LogoutView
from django.urls import path, re_path

from portal.event_catalogue import event_catalogue
from portal.login import LogIn
from portal.orders import order_list, order_page
from portal.password import change_password
from portal.robots import robots
from portal.shops import home, shop_home, shop_list
from portal.slashes import without_slash
from portal.theme import choose_theme

app_name = "portal"
urlpatterns = [
    path("", home, name="home"),
    path("login", LogIn.as_view(), name="login"),
    path("logout", LogoutView.as_view(next_page="portal:login"), name="logout"),
    path("password", change_password, name="password"),
    path("theme", choose_theme, name="theme"),
    path("shops", shop_list, name="shops"),
    path("shops/<slug:slug>", shop_home, name="shop"),
    path("shops/<slug:slug>/orders", order_list, name="orders"),
    path("shops/<slug:slug>/orders/<uuid:order_id>", order_page, name="order"),
    path("shops/<slug:slug>/events/catalogue", event_catalogue, name="event_catalogue"),
    path("robots.txt", robots, name="robots"),
    re_path(r"^(?!v1/)(?P<path>.+)/\Z", without_slash, name="without_slash"),
]
