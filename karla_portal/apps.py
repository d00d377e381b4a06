from django.contrib.admin.apps import AdminConfig

import karla_portal.celery  # noqa: F401 - whoever starts Django sends tasks through our app


class StaffAdminConfig(AdminConfig):
    default_site = "karla_portal.admin.StaffAdminSite"
