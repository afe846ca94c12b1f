"""The addresses of handing out: the app, its phones, the coordinator's pages."""

from django.urls import path

from onboarding.handout import (
    app_views,
    board_views,
    closing_views,
    figures_views,
    paper_views,
    phone_views,
    student_views,
)

app_name = "handout"

urlpatterns = [
    path("", app_views.start, name="start"),
    path("sw.js", app_views.worker, name="worker"),
    path("manifest.webmanifest", app_views.manifest, name="manifest"),
    path("ready.json", phone_views.ready, name="ready"),
    path("roster.json", phone_views.roster, name="roster"),
    path("phones/<uuid:key>", phone_views.phone, name="phone"),
    path("acts/<uuid:key>", phone_views.act, name="act"),
    path("board/", board_views.board, name="board"),
    path("board/status.json", figures_views.status, name="board_status"),
    path("board/people/<str:mark>/", figures_views.people, name="people"),
    path(
        "board/groups/<int:number>/people/<str:mark>/",
        figures_views.people,
        name="group_people",
    ),
    path("board/sheets.pdf", paper_views.sheets, name="sheets"),
    path("board/groups/<int:number>/sheet.pdf", paper_views.sheets, name="sheet"),
    path("board/groups/<int:number>/paper/", paper_views.paper, name="paper"),
    path("board/closing/", closing_views.close, name="close"),
    path(
        "board/groups/<int:number>/give-back/",
        closing_views.give_back,
        name="give_back",
    ),
    path("board/tills/<uuid:key>/count/", closing_views.count_till, name="count_till"),
    path("board/summary/", closing_views.summary, name="summary"),
    path(
        "board/summary/opening-week.<str:kind>",
        closing_views.summary_file,
        name="summary_file",
    ),
    path("board/cards/", figures_views.cards_left, name="cards_left"),
    path(
        "board/groups/<int:number>/cards/",
        figures_views.cards_left,
        name="group_cards",
    ),
    path("board/acts/<uuid:key>/", board_views.correct, name="correct"),
    path("board/phones/<uuid:key>/", board_views.shut_out, name="shut_out"),
    path("board/tills/<uuid:key>/", board_views.take_over, name="take_over"),
    path("board/groups/<int:number>/", board_views.group, name="group"),
    path(
        "board/groups/<int:number>/turns/<int:key>/end/",
        board_views.end_turn,
        name="end_turn",
    ),
    path("board/students/", student_views.find, name="find"),
    path("board/students/<int:key>/", student_views.student, name="student"),
    path(
        "board/students/<int:key>/take-back/",
        student_views.take_back,
        name="take_back",
    ),
    path("board/students/<int:key>/swap/", student_views.swap, name="swap"),
    path("<str:language>/", app_views.app, name="app"),
]
