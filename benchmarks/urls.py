from django.urls import path

from benchmarks.constant import ConstantView, constant_page
from karla_portal.urls import handler400, handler404, handler500
from karla_portal.urls import urlpatterns as product_urls

__all__ = ["handler400", "handler404", "handler500", "urlpatterns"]

urlpatterns = [
    path("v1/shops/<slug:slug>/constant/<int:size>", ConstantView.as_view()),
    path("t/constant/<int:size>", constant_page),
    *product_urls,
]
