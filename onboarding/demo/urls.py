"""Pages that exist in the demo only."""

from django.urls import path

from onboarding.demo import views

app_name = "demo"
urlpatterns = [
    path("demo/mail/", views.inbox, name="mail"),
    path("demo/mail/<slug:name>/", views.one, name="one_mail"),
    path("demo/mail/<slug:name>/html/", views.as_html, name="mail_as_html"),
]
