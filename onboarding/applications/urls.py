"""The addresses of the library's registration."""

from django.urls import path

from onboarding.applications import views

app_name = "applications"

urlpatterns = [
    path("journey/registration/", views.step, name="registration"),
    path("library-registration/check/", views.check, name="check"),
    path("library-registration/receipt/", views.receipt, name="receipt"),
    path("library-registration/drop/", views.drop, name="drop"),
    path("library-registration/<slug:key>/", views.section, name="section"),
]
