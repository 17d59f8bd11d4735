from django.urls import path

from core import branding, files, styleguide

app_name = "core"
urlpatterns = [
    path("brand.css", branding.brand_css, name="brand_css"),
    path("media/<path:name>", files.serve, name="file"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
]
