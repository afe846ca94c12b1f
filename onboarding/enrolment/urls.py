"""Addresses of the registrar's pages."""

from django.urls import URLPattern, path

from onboarding.enrolment import held_views, mystudy_views, semester_views, views
from onboarding.enrolment.letter_urls import letter_urls

app_name = "enrolment"

urlpatterns: list[URLPattern] = [
    path("registrar/imports/", views.imports, name="imports"),
    path("registrar/imports/new/", views.upload, name="upload"),
    path("registrar/imports/<int:pk>/", views.one_import, name="import"),
    path("registrar/imports/<int:pk>/confirm/", views.confirm, name="confirm"),
    path("registrar/imports/<int:pk>/discard/", views.discard, name="discard"),
    path("registrar/imports/<int:pk>/list.csv", views.complete_list, name="list"),
    path("registrar/imports/<int:pk>/news.json", views.news, name="news"),
    path("registrar/held/", held_views.held, name="held"),
    path("registrar/semesters/", semester_views.semesters, name="semesters"),
    path("registrar/semesters/<str:code>/", semester_views.semester, name="semester"),
    path("registrar/mystudy/", mystudy_views.cohorts, name="mystudy"),
    path("registrar/mystudy/<str:code>/", mystudy_views.cohort, name="mystudy_cohort"),
    *letter_urls,
]
