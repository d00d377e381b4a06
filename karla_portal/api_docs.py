"""The API's description: as a document, and as a page to try it on."""

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

schema = SpectacularAPIView.as_view()

docs = SpectacularSwaggerSplitView.as_view(url_name="schema", template_name="api/docs.html")
