"""The register of names: under which words a student is found.

Kept beside the people, in the transaction that writes them: words in the search form of
DIN 91379, who has them, and every word with one letter left out, so that a slip of one
letter is found by equality (SymSpell's deletion neighbourhood). Whoever has disclosure
blocked stands in no register, and neither does staff.
"""

from collections.abc import Iterable, Sequence
from itertools import chain

from accounts.people.models import Kind, NameWord, NearWord, Person, PersonWord
from accounts.people.naming import match_key

# A word of three letters with one wrong could be nearly any other.
LEAST_LETTERS = 4
# Longer words are cut; nobody types so much of a name.
MOST_LETTERS = 64
_BATCH = 1000


def enter(people: Iterable[Person]) -> None:
    """Have these people (with ids) found by the names that they have now."""
    everybody = list(people)
    for start in range(0, len(everybody), _BATCH):
        _enter(everybody[start : start + _BATCH])


def words_of(person: Person) -> frozenset[str]:
    """Give the words that somebody is found by."""
    if person.kind != Kind.STUDENT or person.confidential:
        return frozenset()
    names = (person.given_names, person.family_name, person.chosen_name)
    return frozenset(
        word[:MOST_LETTERS] for name in names for word in match_key(name).split()
    )


def near(word: str) -> frozenset[str]:
    """Give a word with each of its letters left out."""
    if len(word) < LEAST_LETTERS:
        return frozenset()
    return frozenset(word[:at] + word[at + 1 :] for at in range(len(word)))


def place_of(person: Person) -> str:
    """Give the place in a list of names, in digits and letters alone.

    Every database sorts a digit before a letter, whatever its language; so a blank is
    one.
    """
    return match_key(person.sort_key).replace(" ", "0")[:MOST_LETTERS]


def _enter(people: Sequence[Person]) -> None:
    words = {person.pk: words_of(person) for person in people}
    keys = _keys(frozenset(chain.from_iterable(words.values())))
    places = {person.pk: place_of(person) for person in people}
    wanted = {(pk, keys[word]) for pk, mine in words.items() for word in mine}
    there = {
        (row.person_id, row.word_id): row
        for row in PersonWord.objects.filter(person__in=words)
    }
    stale = [
        row.pk
        for pair, row in there.items()
        if pair not in wanted or row.place != places[row.person_id]
    ]
    PersonWord.objects.filter(pk__in=stale).delete()
    gone = set(stale)
    kept = {pair for pair, row in there.items() if row.pk not in gone}
    PersonWord.objects.bulk_create(
        [
            PersonWord(person_id=person, word_id=word, place=places[person])
            for person, word in sorted(wanted - kept)
        ],
        ignore_conflicts=True,
        batch_size=_BATCH,
    )


def _keys(words: frozenset[str]) -> dict[str, int]:
    """Give the ids of words; new ones get their neighbours."""
    known = dict(NameWord.objects.filter(word__in=words).values_list("word", "pk"))
    new = sorted(words - known.keys())
    if not new:
        return known
    NameWord.objects.bulk_create(
        [NameWord(word=word) for word in new], ignore_conflicts=True
    )
    made = dict(NameWord.objects.filter(word__in=new).values_list("word", "pk"))
    NearWord.objects.bulk_create(
        [
            NearWord(near=one, word_id=pk)
            for word, pk in made.items()
            for one in sorted(near(word))
        ],
        ignore_conflicts=True,
        batch_size=_BATCH,
    )
    return known | made
