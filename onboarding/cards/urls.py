"""The addresses of cards: the student's pages, and the library's desk."""

from django.urls import path

from onboarding.cards import (
    box_views,
    deed_views,
    desk_views,
    finance_views,
    stock_views,
    student_views,
    till_views,
)

app_name = "cards"

urlpatterns = [
    path("journey/card/", student_views.card, name="card"),
    path("journey/card/wish/", student_views.wish, name="wish"),
    path("journey/deposit/", student_views.deposit, name="deposit"),
    path("journey/deposit/<int:key>.pdf", student_views.receipt, name="receipt"),
    path("library/", desk_views.desk, name="desk"),
    path("library/cards/<int:key>/", stock_views.one_card, name="one_card"),
    path("library/closing/", till_views.closing, name="closing"),
    path("finance/", finance_views.finance, name="finance"),
    path("finance/tutors-cash/", finance_views.tutors_cash, name="tutors_cash"),
    path("finance/waive/", finance_views.waive, name="waive"),
    path("finance/period/", finance_views.period, name="period"),
    path("finance/period/entries.csv", finance_views.entries_csv, name="entries_csv"),
    path("finance/period/sums.pdf", finance_views.entries_pdf, name="entries_pdf"),
    path("finance/tills/", till_views.tills, name="tills"),
    path("finance/tills/<int:key>/", till_views.take_over, name="take_over"),
    path("library/stock/", stock_views.stock_page, name="stock"),
    path("library/stock/delivery/", stock_views.delivery, name="delivery"),
    path("library/stock/boxes/", box_views.all_boxes, name="all_boxes"),
    path("library/stock/boxes/allot/", box_views.allot, name="allot"),
    path("library/stock/boxes/<int:key>/", box_views.box, name="box"),
    path("library/stock/boxes/<int:key>/allot/", box_views.box_allot, name="box_allot"),
    path("library/stock/boxes/<int:key>/back/", box_views.box_back, name="box_back"),
    path(
        "library/stock/boxes/<int:key>/sheet.pdf", box_views.box_sheet, name="box_sheet"
    ),
    path("library/<int:key>/", desk_views.desk_person, name="desk_person"),
    path("library/<int:key>/record/", desk_views.record, name="record"),
    path("library/<int:key>/<slug:name>/", deed_views.deed, name="deed"),
]
