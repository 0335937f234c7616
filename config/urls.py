"""Every address of the product; each app lists its own."""

from django.urls import URLPattern, URLResolver, include, path

from config import health, problems

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("annotation.web.workspace_urls")),  # first: the addresses that are asked most
    path("api/v1/", include("config.api")),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("csp/", health.csp_report, name="csp_report"),
    path("problems/<str:code>", problems.problem_page, name="problem"),
    path("accounts/", include("allauth.urls")),
    path("", include("workforce.urls")),
    path("", include("annotation.urls")),
    path("", include("quality.urls")),
]

handler500 = "config.errors.server_error"
