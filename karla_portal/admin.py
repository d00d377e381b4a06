"""The back office: staff of the operator fix records across shops."""

from django.contrib.admin import AdminSite


class StaffAdminSite(AdminSite):
    site_header = "Back office"
    site_title = "Back office"
    index_title = "Records"
    site_url = "/"
