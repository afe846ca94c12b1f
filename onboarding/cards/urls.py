"""The addresses of cards: the student's pages, and the library's desk."""

from django.urls import path

from onboarding.cards import deed_views, desk_views, student_views

app_name = "cards"

urlpatterns = [
    path("journey/card/", student_views.card, name="card"),
    path("journey/card/wish/", student_views.wish, name="wish"),
    path("journey/deposit/", student_views.deposit, name="deposit"),
    path("journey/deposit/<int:key>.pdf", student_views.receipt, name="receipt"),
    path("library/", desk_views.desk, name="desk"),
    path("library/<int:key>/", desk_views.desk_person, name="desk_person"),
    path("library/<int:key>/record/", desk_views.record, name="record"),
    path("library/<int:key>/<slug:name>/", deed_views.deed, name="deed"),
]
