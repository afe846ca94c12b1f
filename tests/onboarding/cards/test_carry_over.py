"""What was recorded before cards had moves and tills is carried over whole."""

import os
import sqlite3
import subprocess
from pathlib import Path

from onboarding.demo.servers import programs

BEFORE = """
INSERT INTO people_person (id, kind, person_key, account_name, matriculation_no,
  given_names, family_name, chosen_name, birth_date, private_email, mobile, language,
  confidential, created_at, password_changes)
VALUES (1, 'student', 'P1', 'lg1', '', 'Cem', 'Sondermann', '', '', '', '', 'de', 0,
        '2026-09-15 08:00:00', 0),
       (2, 'staff', NULL, 'desk', '', 'Mirjam', 'Okonkwo', '', '', '', '', 'de', 0,
        '2026-09-15 08:00:00', 0);
INSERT INTO cards_card (id, number, known_since)
VALUES (7, '3110372827', '2026-10-05 08:00:00');
INSERT INTO cards_handout (id, act, at, place, by_id, card_id, person_id)
VALUES (3, '0123456789abcdef0123456789abcdef', '2026-10-05 08:00:00', 'desk', 2, 7, 1);
INSERT INTO cards_holding (id, card_id, hand_out_id, person_id) VALUES (4, 7, 3, 1);
INSERT INTO cards_ledgerentry (act, kind, cents, debit, credit, at, place, reason,
  by_id, card_id, person_id)
VALUES ('0123456789abcdef0123456789abcdef', 'deposit_due', 1000, 'open', 'deposits',
        '2026-10-05 08:00:00', 'desk', '', 2, 7, 1),
       ('0123456789abcdef0123456789abcdef', 'deposit_in', 1000, 'cash', 'open',
        '2026-10-05 08:00:00', 'desk', '', 2, 7, 1);
"""


def test_hand_outs_become_moves_and_cash_lies_in_the_desks_till(
    tmp_path: Path,
) -> None:
    file = tmp_path / "portal.sqlite3"
    migrate(file, "cards", "0002")
    with sqlite3.connect(file) as portal:
        portal.executescript(BEFORE)

    migrate(file)

    with sqlite3.connect(file) as portal:
        moves = portal.execute(
            "SELECT number, source, target, person_id FROM cards_move ORDER BY number"
        ).fetchall()
        held = portal.execute(
            "SELECT m.act FROM cards_holding h JOIN cards_move m ON m.id = h.move_id"
        ).fetchall()
        cash = portal.execute(
            "SELECT s.series, s.place FROM cards_ledgerentry e"
            " JOIN cards_shift s ON s.id = e.shift_id"
        ).fetchall()
    assert moves == [(1, "", "stock", None), (2, "stock", "person", 1)]
    assert held == [("0123456789abcdef0123456789abcdef",)]
    assert cash == [("L26", "desk")]


def migrate(file: Path, *where: str) -> None:
    subprocess.run(
        programs.manage("migrate", "--verbosity", "0", *where),
        env={**os.environ, "DATABASE_URL": f"sqlite:///{file}"},
        check=True,
        capture_output=True,
    )
