"""What every endpoint is made of: JSON in and out, one form of refusal, the rate limit.

DRF finds out anew for each request what is the same for all of ours: how to read and to render,
which version, whom a list of permissions admits. Here that is settled beforehand.
"""

from functools import cache
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from common.api.errors import answer_error
from common.api.media import AlwaysJSON, ORJSONRenderer, RawJSONParser
from shops.api.rate_limit import ApiKeyRateLimit

PARSERS = [RawJSONParser()]
RENDERER = ORJSONRenderer()
NEGOTIATOR = AlwaysJSON()


class JSONRequest(Request):
    """DRF looks up in Django's request, each time, what it does not hold itself."""

    def __init__(self, request: HttpRequest, **more: Any) -> None:
        super().__init__(request, **more)
        self.method, self.META = request.method, request.META


class Endpoint(APIView):
    """One way in (`authentication_classes`), which admits or raises; then the rate limit."""

    permission_classes = ()
    throttle_classes = (ApiKeyRateLimit,)
    parser_classes = (RawJSONParser,)
    renderer_classes = (ORJSONRenderer,)
    content_negotiation_class = AlwaysJSON

    def initialize_request(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Request:
        return JSONRequest(
            request,
            parsers=PARSERS,
            authenticators=self.get_authenticators(),
            negotiator=NEGOTIATOR,
            parser_context=self.get_parser_context(request),
        )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = super().dispatch(request, *args, **kwargs)
        self._let_go(response)
        return response

    def _let_go(self, response: HttpResponseBase) -> None:
        """Of all that leads back to itself: Django's view, DRF's request and its response do.

        What they hold would stay until the garbage collector comes: with lists of orders that is a
        hundred megabytes, and then a pause that other requests wait for.
        """
        self.request.parser_context = {}
        self.__dict__.pop("head", None)  # is `get`, bound
        if isinstance(response, Response):
            response.add_post_render_callback(_forget_context)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        self.perform_authentication(request)
        self.check_throttles(request)

    def perform_authentication(self, request: Request) -> None:
        [way_in] = request.authenticators or ()
        admitted: Any = way_in.authenticate(request)
        request.user, request.auth = admitted

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        return RENDERER, RENDERER.media_type

    @property
    def allowed_methods(self) -> list[str]:
        return _methods_of(type(self))  # type: ignore[arg-type]

    def get_exception_handler(self) -> Any:
        return answer_error


def _forget_context(response: Response) -> None:
    response.renderer_context = {}  # type: ignore[attr-defined]


@cache
def _methods_of(view: type[Endpoint]) -> list[str]:
    return [name.upper() for name in view.http_method_names if hasattr(view, name)]
