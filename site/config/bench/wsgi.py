"""The site, and beside it, on the same gunicorn, a Django view with no middleware that does nothing."""

from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path

from config.bench.load import BARE_PATH
from config.wsgi import application as site


def nothing(request) -> HttpResponse:
    return HttpResponse("nothing")


urlpatterns = [path(BARE_PATH.lstrip("/"), nothing)]


class BareRequest(WSGIRequest):
    urlconf = __name__


class BareHandler(WSGIHandler):
    request_class = BareRequest


with override_settings(MIDDLEWARE=[]):
    bare = BareHandler()


def application(environ, start_response):
    handler = bare if environ["PATH_INFO"] == BARE_PATH else site
    return handler(environ, start_response)
